import { once } from "node:events";
import { setTimeout as delay } from "node:timers/promises";
import { baseImage, containersOf, docker, removeContainersOf, uniqueName } from "../support/engine";
import { EngineEvents } from "../support/engine-events";
import { holdPort, portOf } from "../support/ports";
import { Provider, type Properties } from "../support/provider";

// The release command runs once per release, before any process is touched.

const app = uniqueName("phase");
const image = baseImage();
const provider = new Provider(app);
let events: EngineEvents;

function inputs(version: string, more: Properties = {}): Properties {
  return {
    image,
    procfile: "web: sleep 1000\nclock: sleep 1000\nrelease: echo migrating for $VERSION as $DYNO\n",
    processes: { web: { stopTimeout: 0 }, clock: { stopTimeout: 0 } },
    scale: { web: 2, clock: 1 },
    update: { monitor: "0.2s" },
    env: { VERSION: version },
    ...more,
  };
}

/** Slots in the order of their starts: each once for every start of a process in it. */
async function started(work: () => Promise<unknown>): Promise<string[]> {
  const seen = await events.during(work);
  return seen.flatMap(({ action, slot }) => (action === "start" ? [slot] : []));
}

async function containers(): Promise<string[]> {
  return (await containersOf(app)).map(({ Id, State }) => `${Id} ${State}`).sort();
}

beforeAll(async () => {
  events = await EngineEvents.of(app);
});

afterAll(async () => {
  await provider.kill();
  await removeContainersOf(app);
  events.close();
});

test("it goes first, once for the whole release", async () => {
  const first = await started(() => provider.up(inputs("1")));
  expect([first[0], first.slice(1).sort()]).toEqual(["release.1", ["clock.1", "web.1", "web.2"]]);
  const next = await started(() => provider.up(inputs("2")));
  expect([next[0], next.slice(1).sort()]).toEqual(["release.1", ["clock.1", "web.1", "web.2"]]);
  expect(await containers()).toHaveLength(3);
});

test("it is not run for a change of counts, a restart or a repair", async () => {
  expect(await started(() => provider.up(inputs("2", { scale: { web: 3 } })))).toEqual(["web.3"]);
  const restart = inputs("2", { scale: { web: 1 }, restartedAt: { web: "1" } });
  expect(await started(() => provider.up(restart))).toEqual(["web.1"]);
  for (const { Id } of await containersOf(app)) await docker.getContainer(Id).remove({ force: true });
  expect((await started(() => provider.up(restart))).sort()).toEqual(["clock.1", "web.1"]);
});

test.each<[string, Properties, RegExp]>([
  [
    "fails",
    { releasePhase: { command: "echo no such table; exit 2" } },
    /^release\.1 on local: run failed: exited with code 2; its last lines:\nno such table\nweb\.1, clock\.1: not begun/,
  ],
  [
    "takes too long",
    { releasePhase: { command: ["sleep", "1000"], timeout: "0.5s" } },
    /^release\.1 on local: run failed: did not end within 0\.5 s, without output\n/,
  ],
  ["cannot be found", { releasePhase: { command: ["migrate"] } }, /exited with code 127.*migrate/s],
])("a command that %s stops the release with nothing changed", async (_, more, reason) => {
  const before = await containers();
  const next = inputs("3", { scale: { web: 1 }, restartedAt: { web: "1" }, ...more });
  const up = provider.up(next);
  await expect(up).rejects.toThrow(reason);
  expect(await containers()).toEqual(before);
  expect(await provider.preview(next)).toBe(true);
});

test("it is not run again when only the rest of its release has to be tried again", async () => {
  const program = await holdPort();
  const port = portOf(program);
  const processes = { web: { stopTimeout: 0, port: 80, bind: `127.0.0.1:${port}` }, clock: { stopTimeout: 0 } };
  const next = inputs("4", { scale: { web: 1 }, processes });
  const failing = await started(() => expect(provider.up(next)).rejects.toThrow(String(port)));
  expect(failing.filter((slot) => slot === "release.1")).toHaveLength(1);
  await once(program.close(), "close");
  expect((await started(() => provider.up(next))).sort()).toEqual(["clock.1", "web.1"]);
});

test("what a killed provider has left of it is removed before it is run again", async () => {
  const next = inputs("5", { releasePhase: { command: "sleep 2" } });
  const cut = provider.up(next).catch(() => "killed");
  // The first start has been reported by now, and does not count below.
  const runs = events.all.length;
  const isRun = ({ action, slot }: (typeof events.all)[number]) => action === "start" && slot === "release.1";
  while (!events.all.slice(runs).some(isRun)) await delay(50);
  await provider.kill();
  expect(await cut).toBe("killed");
  const starts = await started(() => provider.up(next));
  expect([starts[0], starts.slice(1).sort()]).toEqual(["release.1", ["clock.1", "web.1", "web.2"]]);
  expect(await containers()).toHaveLength(3);
});
