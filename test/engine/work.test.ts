import { existsSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { baseImage, containersOf, docker, removeContainersOf, uniqueName } from "../support/engine";
import { EngineProxy, type Call, type OnCall } from "../support/engine-proxy";
import { Provider, type Properties } from "../support/provider";

// Calls of the provider to an engine while it works, as the engine receives them.

const app = uniqueName("work");
const image = baseImage();
let onCall: OnCall = () => undefined;
let proxy: EngineProxy;
let provider: Provider;

beforeAll(async () => {
  proxy = await EngineProxy.start({ onCall: (...call) => onCall(...call) });
  provider = new Provider(app);
});

afterEach(async () => {
  onCall = () => undefined;
  await provider.destroy();
});

afterAll(async () => {
  await provider.kill();
  await proxy.close();
  await removeContainersOf(app);
});

function declare(scale: Properties, more: Properties = {}): Properties {
  const hosts = [{ host: proxy.address }];
  return { image, hosts, update: { monitor: 0 }, processes: { web: { command: "sleep 1000" } }, scale, ...more };
}

async function outputOf(slot: string): Promise<string> {
  const logs = await docker.getContainer(`${app}.${slot}`).logs({ stdout: true, tail: 1 });
  // The stream has a header of eight bytes, then the output.
  return logs.subarray(8).toString().trimEnd();
}

function mostAtOnce(calls: readonly Call[]): number {
  return Math.max(...calls.map(({ began: at }) => calls.filter((one) => one.began <= at && at < one.ended!).length));
}

const writes = () => proxy.calls.filter(({ method }) => method !== "GET");

test("the same update again changes nothing", async () => {
  const declared = declare({ web: 3 });
  await provider.up(declared);
  proxy.reset();
  await provider.up(declared);
  expect(proxy.calls.length).toBeGreaterThan(0);
  expect(writes()).toEqual([]);
});

test("100 processes at no more than 8 calls at a time, beside looks", async () => {
  const isLook = ({ method, path }: Call) => method === "GET" && /\/(volumes|version|info)\b/.test(path);
  proxy.reset();
  await provider.up(declare({ web: 100 }));
  expect((await containersOf(app)).filter(({ State }) => State === "running")).toHaveLength(100);
  expect(mostAtOnce(proxy.calls.filter((call) => !isLook(call)))).toBe(8);
  proxy.reset();
  await provider.up(declare({ web: 0 }));
  expect(await containersOf(app)).toEqual([]);
  // A process that takes long to stop keeps no other call from being made.
  expect(mostAtOnce(proxy.calls.filter(({ path }) => !path.includes("/stop?")))).toBeLessThanOrEqual(8);
});

test("when Pulumi's engine is gone, no further process is begun, and the next update finishes", async () => {
  proxy.reset();
  onCall = async (_, method, path) => {
    if (method === "POST" && path.includes("/start")) await provider.endInput();
  };
  await expect(provider.up(declare({ web: 40 }))).rejects.toThrow(/not begun, because the update was interrupted/);
  const begun = writes().filter(({ path }) => path.includes("/containers/create")).length;
  expect(begun).toBeLessThanOrEqual(16);
  expect((await containersOf(app)).filter(({ State }) => State === "running")).toHaveLength(begun);
  onCall = () => undefined;
  await provider.kill();
  await provider.up(declare({ web: 12 }));
  expect((await containersOf(app)).map(({ State }) => State)).toEqual(Array<string>(12).fill("running"));
});

test.each(["worker", "clock"])("a %s that a killed engine cannot start any more is made anew", async (type) => {
  const declared = (release: string) =>
    declare(
      { [type]: 1 },
      { processes: { [type]: { command: "sleep 1000", stopTimeout: 0 } }, env: { RELEASE: release } },
    );
  await provider.up(declared("1"));
  onCall = async (_, method, path) => {
    if (method !== "POST" || !path.includes("/start")) return;
    await provider.kill();
    throw new Error("the engine was killed, too");
  };
  await expect(provider.up(declared("2"))).rejects.toThrow("the provider was killed");
  const lost = (await containersOf(app)).find(({ State }) => State === "created")!.Id;
  onCall = (_, method, path) => {
    if (method === "POST" && path.includes(`/${lost}/start`)) throw new Error(`task ${lost}: already exists`);
  };
  await provider.up(declared("2"));
  const [one, ...others] = await containersOf(app);
  expect({ state: one!.State, isLost: one!.Id === lost, others }).toEqual({
    state: "running",
    isLost: false,
    others: [],
  });
});

test("what an engine cannot remove at once is removed a moment later", async () => {
  await provider.up(declare({ web: 2 }));
  let refused = 0;
  onCall = (_, method, path) => {
    const id = /^DELETE .*\/containers\/(\w+)/.exec(`${method} ${path}`)?.[1];
    if (id === undefined || ++refused > 2) return;
    throw new Error(
      `unable to remove filesystem for ${id}: unlinkat /var/lib/docker/containers/${id}: directory not empty`,
    );
  };
  await provider.up(declare({ web: 1 }));
  expect(refused).toBe(3);
  expect(await containersOf(app)).toHaveLength(1);
});

test("processes that ignore SIGTERM are stopped side by side, and killed when their time is over", async () => {
  const stubborn = `process.on("SIGTERM", () => {}); setInterval(() => {}, 1000); console.log("up")`;
  const processes = { web: { command: ["node", "-e", stubborn], stopTimeout: 2 } };
  await provider.up(declare({ web: 3 }, { processes }));
  // A signal to a process that has no handler yet would prove nothing.
  for (const slot of ["web.2", "web.3"])
    while ((await outputOf(slot)) !== "up") await new Promise((resolve) => setTimeout(resolve, 100));
  proxy.reset();
  await provider.up(declare({ web: 1 }, { processes }));
  const stops = proxy.calls.filter(({ path }) => path.includes("/stop"));
  expect(stops).toHaveLength(2);
  for (const { began, ended = 0 } of stops) expect(ended - began).toBeGreaterThan(1900);
  const [first, second] = stops;
  expect(second!.began).toBeLessThan(first!.ended!);
});

test("a process that ends again and again fails the update, and is not left behind", async () => {
  const processes = { web: { command: "echo no database; sleep 0.05; exit 3" } };
  const update = { monitor: 2 };
  await expect(provider.up(declare({ web: 1 }, { processes, update }))).rejects.toThrow(
    /^web\.1 on local: create failed: exited with code 3.*; its last lines:\nno database/,
  );
  expect(provider.state?.outputs).toMatchObject({ running: { web: 0 }, instances: [] });
  expect(await containersOf(app)).toEqual([]);
});

test("commands run in the container as they were written, and nowhere else", async () => {
  const trace = join(tmpdir(), `${app}-ran`);
  const line = `echo "$(: > ${trace}; echo ran)" 'it is $HOME' "\\"\${PORT}\\"" \`echo back\` 🎉 && exec sleep 1000`;
  const words = ["", "a b", "$(: > /x)", `"'`, "-v", "🎉", "\n"];
  const script = "console.log(JSON.stringify(process.argv.slice(1))); setInterval(() => {}, 1000)";
  const procfile = `web: ${line}\nlong: : ${"x".repeat(100_000)}; echo long; exec sleep 1000\n`;
  const processes = { web: { port: 8080 }, exec: { command: ["node", "-e", script, "--", ...words] } };
  await provider.up(declare({ web: 1, long: 1, exec: 1 }, { procfile, processes, update: { monitor: 1 } }));
  expect(await outputOf("web.1")).toBe(`ran it is $HOME "8080" back 🎉`);
  expect(await outputOf("long.1")).toBe("long");
  expect(JSON.parse(await outputOf("exec.1"))).toEqual(words);
  expect(existsSync(trace)).toBe(false);
  const changed = (await docker.getContainer(`${app}.web.1`).changes()) as { Path: string }[];
  expect(changed.map(({ Path }) => Path)).toContain(trace);
});

test("the values of env stand in no address of a call, and in no label", async () => {
  proxy.reset();
  await provider.up(declare({ web: 1 }, { env: { TOKEN: "hunter2-canary" } }));
  expect(JSON.stringify(proxy.calls)).not.toContain("canary");
  const [container] = await containersOf(app);
  expect(JSON.stringify(container!.Labels)).not.toContain("canary");
  expect((await docker.getContainer(container!.Id).inspect()).Config.Env).toContain("TOKEN=hunter2-canary");
});
