import { baseImage, containersOf, docker, removeContainersOf, uniqueName } from "../support/engine";
import { Provider, type Properties } from "../support/provider";
import { fewestAnswering, WEB } from "../support/web";

// A bad release over a good one: web serves all the time, and the former release runs again afterwards.

const app = uniqueName("bad");
const image = baseImage();
const provider = new Provider(app);
const COUNT = 3;

interface Declared {
  readonly web?: Properties;
  readonly more?: Properties;
}

function inputs({ web = {}, more = {} }: Declared = {}): Properties {
  const health = { path: "/healthz", interval: "0.2s", startPeriod: 0, retries: 3 };
  return {
    image,
    processes: { web: { command: WEB, port: 8080, stopTimeout: 3, health, ...web } },
    scale: { web: COUNT },
    update: { monitor: "0.5s" },
    ...more,
  };
}

/** Container in each slot, with its state added unless it runs with the right restart policy. */
async function slots(): Promise<Record<string, string>> {
  const inspected = await Promise.all((await containersOf(app)).map(({ Id }) => docker.getContainer(Id).inspect()));
  return Object.fromEntries(
    inspected.map(({ Name, Id, State, HostConfig }) => {
      const isFine = State.Status === "running" && HostConfig.RestartPolicy?.Name === "always";
      return [Name.slice(`/${app}.`.length), isFine ? Id : `${Id} ${State.Status}`] as const;
    }),
  );
}

function backends(): string[] {
  return (provider.outputs["backends"] as { web: string[] }).web;
}

async function fails(declared: Properties): Promise<string> {
  const outcome = await provider.up(declared).then(
    () => undefined,
    (error: unknown) => error,
  );
  if (!(outcome instanceof Error)) throw new Error("it succeeded");
  return outcome.message;
}

beforeAll(() => provider.up(inputs()));

afterAll(async () => {
  await provider.kill();
  await removeContainersOf(app);
});

const lines = Array.from({ length: 25 }, (_, at) => `line ${at + 1}`);
const answers500 = { env: { HEALTH: "500" } };

test.each<[string, Declared, RegExp]>([
  [
    "exits at once",
    { web: { command: `echo "${lines.join("\n")}"; sleep 0.1; exit 3` } },
    /^web\.1 on local: replace failed: exited with code 3(, and was started again)?; its last lines:\n.*line 25$/ms,
  ],
  ["exits with 0", { web: { command: "echo all done" } }, /web\.1 on local: .*exited with code 0.*\nall done/s],
  ["is never ready", { more: answers500 }, /does not answer \/healthz \(status 500\) after \d s; its last lines:\nup/],
  [
    "is never healthy",
    { web: { health: { test: ["CMD-SHELL", "exit 1"], interval: "0.2s", startPeriod: 0, retries: 2 } } },
    /is unhealthy after \d s, its health check having exited with code 1; its last lines:\nup/,
  ],
  ["has no such command", { web: { command: "no-such-command" } }, /exited with code 127.*no-such-command.*not found/s],
  [
    "has no such program",
    { web: { command: ["no-such-program"] } },
    /exited with code 127.*no-such-program failed: No such file/s,
  ],
  [
    "has an image that cannot be had",
    { more: { image: "127.0.0.1:1/none:1" } },
    /image 127\.0\.0\.1:1\/none:1 is not on local and cannot be pulled: .*connection refused/,
  ],
])("a release that %s", async (_, declared, reason) => {
  const before = await slots();
  const bad = inputs(declared);
  const fewest = await fewestAnswering(backends(), async () => expect(await fails(bad)).toMatch(reason));
  expect(fewest).toBe(COUNT);
  expect(await slots()).toEqual(before);
  expect(provider.outputs).toMatchObject({ running: { web: COUNT } });
  expect(await provider.preview(bad)).toBe(true);
});

// Command that works in the first two slots, and fails in the third.
const late = { command: `test $DYNO = web.3 && exit 4; ${WEB}` };

test("a release that fails late is taken back in the slots that had it already", async () => {
  const before = await slots();
  const bad = inputs({ web: late });
  const fewest = await fewestAnswering(backends(), async () =>
    expect(await fails(bad)).toMatch(/web\.3 on local: .*exited with code 4.*\nweb\.1, web\.2: put back as before/s),
  );
  expect(fewest).toBe(COUNT);
  expect(await slots()).toEqual(before);
  const { log } = provider.outputs as { log: string[] };
  expect(log.at(-1)).toMatch(/Release \w+ to web=3 by .* \(failed, the former release was put back\)$/);
  expect(await provider.preview(bad)).toBe(true);
  expect(await fails(bad)).toMatch(/exited with code 4/);
  expect(await slots()).toEqual(before);
});

test("with failureAction pause it stops there; the next up goes on from there", async () => {
  const before = await slots();
  const update = { monitor: "0.5s", failureAction: "pause" };
  expect(await fails(inputs({ web: late, more: { update } }))).toMatch(
    /web\.3 on local: .*exited with code 4.*\nweb\.1, web\.2: released, and left so/s,
  );
  const between = await slots();
  expect(Object.keys(between).sort()).toEqual(["web.1", "web.2", "web.3"]);
  expect([1, 2, 3].map((at) => between[`web.${at}`] === before[`web.${at}`])).toEqual([false, false, true]);
  expect(provider.outputs).toMatchObject({ running: { web: COUNT } });

  const mended = inputs({ web: { command: late.command.replace("exit 4", "true") }, more: { update } });
  const fewest = await fewestAnswering(backends(), () => provider.up(mended));
  expect(fewest).toBe(COUNT);
  expect(Object.values(await slots()).filter((id) => Object.values(between).includes(id))).toEqual([]);
  expect(await provider.preview(mended)).toBe(false);
});
