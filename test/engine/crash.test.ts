import { baseImage, containersOf, docker, removeContainersOf, uniqueName } from "../support/engine";
import { EngineProxy, type OnCall } from "../support/engine-proxy";
import { ProcessEvents } from "../support/process-events";
import { Provider, type Properties } from "../support/provider";

// A provider killed at any point of its work leaves nothing that the next run, unattended, does not put right.

const app = uniqueName("crash");
const image = baseImage();
const provider = new Provider(app);
let onCall: OnCall = () => undefined;
let proxy: EngineProxy;
let events: ProcessEvents;

beforeAll(async () => {
  proxy = await EngineProxy.start({ onCall: (...call) => onCall(...call) });
  events = await ProcessEvents.of(app);
});

afterAll(async () => {
  await provider.kill();
  events.close();
  await proxy.close();
  await removeContainersOf(app);
});

function declare(scale: Properties, release = 0): Properties {
  return {
    image,
    hosts: [{ host: proxy.address }],
    update: { monitor: 0 },
    env: { RELEASE: String(release) },
    procfile: "web: sleep 1000\nclock: sleep 1000",
    scale: { web: 0, clock: 0, ...scale },
  };
}

/**
 * Does some work with a provider that is killed at its k-th call, which the engine still carries out.
 *
 * @returns `unharmed` when it was killed before it changed anything, `done` when it has no k-th call
 */
async function killedAt(k: number, work: () => Promise<void>): Promise<"done" | "unharmed" | "killed"> {
  let isKilled = false;
  proxy.reset();
  onCall = async (n) => {
    if (n !== k) return;
    isKilled = true;
    await provider.kill();
  };
  const outcome = await work().then(() => "done", String);
  onCall = () => undefined;
  expect(outcome).toBe(isKilled ? "Error: the provider was killed" : "done");
  if (outcome === "done") return "done";
  return proxy.calls.every(({ method }) => method === "GET") ? "unharmed" : "killed";
}

/**
 * Kills the provider at every call of some work. After each kill another provider, with the state as recorded,
 * finishes.
 *
 * @param again goes back to where the work begins
 * @returns number of kills in the middle of changes
 */
async function killAtEveryCall(
  work: () => Promise<void>,
  finish: () => Promise<void>,
  again: () => Promise<void>,
): Promise<number> {
  let times = 0;
  for (let k = 1; ; k++) {
    const outcome = await killedAt(k, work);
    if (outcome === "unharmed") continue;
    await finish();
    if (outcome === "done") return times;
    times++;
    await again();
  }
}

/**
 * Expects that exactly these processes run, under their own names, nothing else of the app is left, and a preview is
 * empty.
 */
async function becomes(declared: Properties, ...names: string[]): Promise<void> {
  await provider.up(declared);
  await expectLeft(...names);
  expect(await provider.preview(declared)).toBe(false);
}

async function expectLeft(...names: string[]): Promise<void> {
  const seen = (await containersOf(app)).map((one) => `${one.Names[0]?.slice(app.length + 2)} ${one.State}`);
  expect(seen.sort()).toEqual(names.map((name) => `${name} running`));
  expect(events.mostAtOnce.get("clock") ?? 0).toBeLessThanOrEqual(1);
}

test("the first update, killed at every call", async () => {
  const declared = declare({ web: 1, clock: 1 });
  let takenOver = 0;
  const times = await killAtEveryCall(
    () => provider.up(declared),
    async () => {
      // An app killed after its very last calls cannot be told from a finished app of somebody else.
      const refused = await provider.up(declared).then(() => "", String);
      const [, takeOver] = /takeOver: "(.*)"/.exec(refused) ?? [];
      expect(refused === "").toBe(takeOver === undefined);
      if (takeOver !== undefined) takenOver++;
      await becomes({ ...declared, ...(takeOver === undefined ? {} : { takeOver }) }, "clock.1", "web.1");
    },
    () => provider.destroy(),
  );
  expect(times).toBeGreaterThanOrEqual(9);
  expect(takenOver).toBeLessThanOrEqual(2);
});

test("a change of quantities, killed at every call", async () => {
  const [before, after] = [declare({ web: 1, clock: 1 }), declare({ web: 2 })];
  await becomes(before, "clock.1", "web.1");
  const times = await killAtEveryCall(
    () => provider.up(after),
    () => becomes(after, "web.1", "web.2"),
    () => becomes(before, "clock.1", "web.1"),
  );
  expect(times).toBeGreaterThanOrEqual(7);
});

test("a release, killed at every call", async () => {
  const scale = { web: 1, clock: 1 };
  await becomes(declare(scale), "clock.1", "web.1");
  let release = 1;
  const times = await killAtEveryCall(
    () => provider.up(declare(scale, release)),
    async () => {
      await becomes(declare(scale, release), "clock.1", "web.1");
      for (const { Id } of await containersOf(app))
        expect((await docker.getContainer(Id).inspect()).Config.Env).toContain(`RELEASE=${release}`);
    },
    async () => {
      release++;
    },
  );
  expect(times).toBeGreaterThanOrEqual(15);
});

test("a destroy, killed at every call", async () => {
  const declared = declare({ web: 1, clock: 1 });
  await becomes(declared, "clock.1", "web.1");
  const times = await killAtEveryCall(
    () => provider.destroy(),
    async () => {
      await provider.destroy();
      await expectLeft();
    },
    () => becomes(declared, "clock.1", "web.1"),
  );
  expect(times).toBeGreaterThanOrEqual(3);
});
