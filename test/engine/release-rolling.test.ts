import { baseImage, containersOf, removeContainersOf, uniqueName } from "../support/engine";
import { EngineEvents, extremes } from "../support/engine-events";
import { Provider, type Properties } from "../support/provider";

// Order in which a release goes through the slots of a type, as the engine's own events tell it.

const app = uniqueName("roll");
const image = baseImage();
const provider = new Provider(app);
let events: EngineEvents;
let release = 0;

interface Declared {
  readonly web?: Properties;
  readonly update?: Properties;
  readonly scale?: Properties;
}

/** Declares another release of web, while worker stays as it is. */
function inputs({ web = {}, update = {}, scale = {} }: Declared = {}): Properties {
  return {
    image,
    processes: {
      web: { command: ["sleep", String(++release + 1000)], stopTimeout: 0, ...web },
      worker: { command: ["sleep", "1000"] },
    },
    scale: { web: 5, worker: 2, ...scale },
    update: { monitor: "0.3s", ...update },
  };
}

beforeAll(async () => {
  events = await EngineEvents.of(app);
  await provider.up(inputs());
});

afterEach(async () => {
  const { running, formation } = provider.outputs;
  expect(running).toEqual(formation);
});

afterAll(async () => {
  await provider.kill();
  await removeContainersOf(app);
  events.close();
});

function within({ fewest, most }: ReturnType<typeof extremes>, least: number, largest: number): void {
  expect(fewest).toBeGreaterThanOrEqual(least);
  expect(most).toBeLessThanOrEqual(largest);
  expect(most).toBeGreaterThan(fewest);
}

async function idsOf(type: string): Promise<string[]> {
  return (await containersOf(app)).filter(({ Labels }) => Labels["formation.type"] === type).map(({ Id }) => Id);
}

test("by default a quarter, rounded up, at a time: each starts before its predecessor is stopped", async () => {
  const [web, before] = [await idsOf("web"), await idsOf("worker")];
  const seen = await events.during(() => provider.up(inputs()));
  within(extremes(seen, web), 5, 7);
  expect(seen.filter(({ action }) => action === "create")).toHaveLength(5);
  expect(seen.filter(({ slot }) => slot.startsWith("worker"))).toEqual([]);
  expect(await idsOf("worker")).toEqual(before);
});

test("as many at a time as the type says, with a delay between them", async () => {
  const web = { update: { parallelism: 1, delay: "0.5s" } };
  const seen = await events.during(() => provider.up(inputs({ web, update: { parallelism: 5 }, scale: { web: 3 } })));
  const starts = seen.filter(({ action }) => action === "start").map(({ at }) => at);
  expect(starts).toHaveLength(3);
  for (const [at, start] of starts.slice(1).entries()) expect(start - (starts[at] ?? 0)).toBeGreaterThan(800);
});

test("stop-first, for all types or for one: never more than there were", async () => {
  const update = { order: "stop-first", parallelism: 2 };
  await provider.up(inputs());
  const before = await idsOf("web");
  const all = await events.during(() => provider.up(inputs({ update })));
  within(extremes(all, before), 3, 5);
  const after = await idsOf("web");
  const one = await events.during(() => provider.up(inputs({ web: { update: { order: "start-first" } }, update })));
  within(extremes(one, after), 5, 7);
});

test("a release and a change of counts in one up make no container that is then thrown away", async () => {
  const fewer = await events.during(() => provider.up(inputs({ scale: { web: 2, worker: 3 } })));
  expect(created(fewer)).toEqual(["web.1", "web.2", "worker.3"]);
  const more = await events.during(() => provider.up(inputs({ scale: { web: 4, worker: 1 } })));
  expect(created(more)).toEqual(["web.1", "web.2", "web.3", "web.4"]);
});

function created(seen: Awaited<ReturnType<EngineEvents["during"]>>): string[] {
  return seen.flatMap(({ action, slot }) => (action === "create" ? [slot] : [])).sort();
}

test("restartedAt replaces the processes of the types that it names, and nothing else", async () => {
  const same = inputs({ scale: { web: 2 } });
  await provider.up(same);
  const before = await idsOf("worker");
  const restart = { ...same, restartedAt: { web: "2026-11-23T15:04:05Z" } };
  expect(created(await events.during(() => provider.up(restart)))).toEqual(["web.1", "web.2"]);
  expect(await idsOf("worker")).toEqual(before);
  expect((provider.outputs as { log: string[] }).log.at(-1)).toMatch(/: Restart web.1, web.2 of web=2, worker=2 by /);
  expect(await provider.preview(restart)).toBe(false);
});
