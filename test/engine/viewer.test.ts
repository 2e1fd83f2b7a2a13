import { connect } from "../../provider/orchestrators/connect";
import { view } from "../../provider/orchestrators/viewers";
import type { LogLine } from "../../provider/engine/log-lines";
import type { ContainerEvent, LogQuery, Viewer } from "../../provider/orchestrators/viewer";
import type { DesiredInstance } from "../../provider/core/model/desired";
import { baseImage, docker, removeContainersOf, uniqueName } from "../support/engine";
import { OWN } from "../support/asking";

const socketPath = "/var/run/docker.sock";
const app = uniqueName("viewer");
const image = baseImage();
const host = connect([{ host: `unix://${socketPath}` }], undefined, {})[0]!;
const viewer = view({ host: `unix://${socketPath}` });
const stop = new AbortController();

function wanted(index: number, command: string): DesiredInstance {
  return {
    app,
    identity: OWN.identity,
    owner: "viewer/dev",
    type: "web",
    index,
    singleton: false,
    name: `${app}.web.${index}`,
    hostname: `web.${index}`,
    image,
    configuration: "command=1",
    restart: false,
    arguments: ["/bin/sh", "-c", command],
    env: OWN.env,
    networks: [],
    settings: { stopTimeout: 1 },
  };
}

async function idOf(index: number): Promise<string> {
  return (await docker.getContainer(`${app}.web.${index}`).inspect()).Id;
}

/** Runs a process to its end. */
async function ran(index: number, command: string): Promise<string> {
  await host.run(wanted(index, command));
  await docker.getContainer(`${app}.web.${index}`).wait();
  return idOf(index);
}

async function logsOf(id: string, query: LogQuery): Promise<LogLine[]> {
  const lines: LogLine[] = [];
  for await (const line of viewer.logs(id, query, stop.signal)) lines.push(line);
  return lines;
}

afterAll(async () => {
  stop.abort();
  await removeContainersOf(app);
});

test("one list tells what runs since when, and how the others ended", async () => {
  await host.run(wanted(1, "sleep 1000"));
  await ran(2, "exit 3");
  const seen = new Map((await viewer.list(app)).map((one) => [one.index, one]));
  expect(seen.get(1)).toMatchObject({ state: "running", type: "web", host: "local", owner: "viewer/dev" });
  expect(seen.get(1)?.command).toContain("sleep 1000");
  expect(seen.get(1)?.age).toBeLessThan(60);
  expect(seen.get(2)).toMatchObject({ state: "exited", exitCode: 3 });
  expect(await viewer.list(`${app}-other`)).toEqual([]);
});

test("inspect adds exact times and restarts, and leaves out what is gone", async () => {
  const id = await idOf(1);
  const details = await viewer.inspect([id, "0".repeat(64)]);
  expect([...details.keys()]).toEqual([id]);
  expect(details.get(id)).toMatchObject({ restarts: 0, outOfMemory: false });
  expect(Math.abs(Date.parse(details.get(id)?.since ?? "") - Date.now())).toBeLessThan(120_000);
  const ended = await idOf(2);
  expect((await viewer.inspect([ended])).get(ended)).toMatchObject({ exitCode: 3 });
});

test("usage counts memory and CPUs of what runs, and leaves out what does not", async () => {
  await host.run(wanted(3, "while :; do :; done"));
  const [idle, busy, ended] = await Promise.all([idOf(1), idOf(3), idOf(2)]);
  const usage = await viewer.usage([idle, busy, ended]);
  await docker.getContainer(busy).remove({ force: true });
  expect([...usage.keys()].sort()).toEqual([idle, busy].sort());
  expect(usage.get(busy)?.cpus).toBeGreaterThan(0.05);
  expect(usage.get(idle)?.cpus).toBeLessThan(usage.get(busy)?.cpus ?? 0);
  expect(usage.get(busy)?.cpuSeconds).toBeGreaterThan(0.05);
  expect(usage.get(idle)?.memory).toBeGreaterThan(0);
});

test("logs come with their streams and times, a long line whole; the last lines, and those since a time", async () => {
  const long = `node -e 'console.log("x".repeat(40000))'`;
  const id = await ran(4, `echo one; sleep 0.05; echo two >&2; sleep 0.05; ${long}`);
  const all = await logsOf(id, { tail: "all" });
  expect(all.map(({ stream, text }) => [stream, text])).toEqual([
    ["stdout", "one"],
    ["stderr", "two"],
    ["stdout", "x".repeat(40_000)],
  ]);
  expect(all.map(({ time }) => time)).toEqual(all.map(({ time }) => time).sort());
  expect(all[0]?.time).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}Z$/);
  expect(await logsOf(id, { tail: "all", since: all[1]!.time })).toEqual(all.slice(1));
  // The engine stores the long line in three pieces, and counts each.
  expect((await logsOf(id, { tail: 4 })).map(({ text }) => text.slice(0, 3))).toEqual(["two", "xxx"]);
});

test("logs that follow end with the process", async () => {
  await host.run(wanted(5, "echo first; sleep 1; echo last"));
  const lines = await logsOf(await idOf(5), { tail: "all", follow: true });
  expect(lines.map(({ text }) => text)).toEqual(["first", "last"]);
});

test("logs that follow end when told to", async () => {
  const signal = AbortSignal.timeout(300);
  for await (const line of viewer.logs(await idOf(1), { tail: 0, follow: true }, signal)) throw new Error(line.text);
  expect(signal.aborted).toBe(true);
});

test("events tell of containers of the app alone", async () => {
  const until = new AbortController();
  const seen: ContainerEvent[] = [];
  const watching = (async () => {
    for await (const event of viewer.events(app, until.signal)) {
      seen.push(event);
      if (event.action === "destroy") until.abort();
    }
  })();
  // The engine reports events from the moment it has the call.
  await new Promise((resolve) => setTimeout(resolve, 300));
  const other = await docker.createContainer({ Image: image, name: `${app}.stranger`, Cmd: ["true"] });
  await other.remove();
  const id = await ran(6, "true");
  await docker.getContainer(id).remove();
  await watching;
  expect(seen).toEqual(["create", "start", "die", "destroy"].map((action) => ({ container: id, action })));
});

test("an engine that is not there is unreachable, and one that never answers too", async () => {
  const nowhere = view({ name: "far", host: "unix:///nowhere" });
  await expect(nowhere.list(app)).rejects.toMatchObject({ code: "HostUnreachable" });
  await expect(logsFrom(nowhere)).rejects.toMatchObject({ code: "HostUnreachable" });
});

async function logsFrom(other: Viewer): Promise<void> {
  for await (const line of other.logs("x", { tail: 1 }, stop.signal)) throw new Error(line.text);
}
