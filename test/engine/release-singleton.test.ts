import { setTimeout as delay } from "node:timers/promises";
import { baseImage, containersOf, docker, removeContainersOf, uniqueName } from "../support/engine";
import { BEATING, Heartbeats } from "../support/heartbeats";
import { Provider, type Properties } from "../support/provider";

// A clock beats every 50 ms and takes its time to stop: no change to it ever makes two beat at once.

const SLOW_CLOCKS = Number(process.env["FORMATION_SLOW_CLOCKS"] ?? 1);

const app = uniqueName("clock");
const image = baseImage();
const provider = new Provider(app);
let heartbeats: Heartbeats;
let release = 0;

/** @param stop milliseconds from SIGTERM until the clock ends by itself */
function inputs(stop: number, more: Properties = {}, type = "clock"): Properties {
  return {
    image,
    processes: { [type]: { command: BEATING, singleton: true, stopTimeout: 2 } },
    scale: { [type]: 1 },
    update: { monitor: "0.3s" },
    env: { COLLECTOR: heartbeats.collector, STOP_MS: String(stop), RELEASE: String(++release) },
    ...more,
  };
}

const killed: string[] = [];

/** Expects that one clock runs and no two ever did; `killed` names the points at which the provider was killed. */
async function neverTwo(): Promise<void> {
  const states = (await containersOf(app)).map(({ State }) => State);
  expect({ killed, states, overlaps: heartbeats.overlaps() }).toEqual({ killed, states: ["running"], overlaps: [] });
}

/** Kills the provider at a random moment of some work. @param longest in milliseconds */
async function cutOff(what: string, work: () => Promise<void>, longest: number): Promise<void> {
  const after = Math.round(Math.random() * longest);
  const timer = setTimeout(() => void provider.kill(), after);
  const outcome = await work().then(
    () => "too late",
    () => "in the middle",
  );
  clearTimeout(timer);
  killed.push(`${what} after ${after} ms, ${outcome}`);
}

beforeAll(async () => {
  heartbeats = await Heartbeats.of(app);
  await provider.up(inputs(0));
});

afterAll(async () => {
  await provider.kill();
  await removeContainersOf(app);
  heartbeats.close();
});

test.each([
  ["a release, and a clock that takes a second to stop", 1000],
  ["a release, and a clock that stops at once", 0],
  ["a release, and a clock that ignores SIGTERM", 1e6],
])("%s", async (_, stop) => {
  await provider.up(inputs(stop));
  await provider.up(inputs(stop));
  await neverTwo();
});

test("a clock that takes 5 s to stop: its successor is there soon after", async () => {
  const processes = { clock: { command: BEATING, singleton: true, stopTimeout: 10 } };
  const before = heartbeats.events.lives().length;
  for (const _ of ["one", "two", "three"]) await provider.up(inputs(5000, { processes }));
  const lives = heartbeats.events.lives().slice(before - 1);
  const gaps = lives.slice(1).map(({ from }, at) => from - (lives[at]?.to ?? 0));
  // The best of three counts, because a busy machine may be late now and then.
  expect(gaps).toHaveLength(3);
  expect(Math.min(...gaps)).toBeLessThan(2000);
  await neverTwo();
});

test("a restart", async () => {
  const before = inputs(500);
  await provider.up(before);
  await provider.up({ ...before, restartedAt: { clock: "1" } });
  await provider.up({ ...before, restartedAt: { clock: "2" } });
  await neverTwo();
});

test("a rename of its type, there and back", async () => {
  await provider.up(inputs(500, {}, "scheduler"));
  await provider.up(inputs(500));
  await neverTwo();
});

test("destroyed and made again", async () => {
  await provider.destroy();
  await provider.up(inputs(500));
  await provider.destroy();
  await provider.up(inputs(1000));
  await neverTwo();
});

test("the provider is killed at any point of a release, then goes on", async () => {
  for (let round = 0; round < 7; round++) {
    const next = inputs(round % 2 === 0 ? 800 : 1e6);
    await cutOff("release", () => provider.up(next), 3500);
    await provider.up(next);
    await neverTwo();
  }
});

test("the provider is killed at any point of a rename or a destroy, then goes on", async () => {
  for (let round = 0; round < 4; round++) {
    const next = inputs(800, {}, round % 2 === 0 ? "scheduler" : "clock");
    await cutOff("rename", () => provider.up(next), 2500);
    await provider.up(next);
    await neverTwo();
  }
  for (let round = 0; round < 2; round++) {
    await cutOff("destroy", () => provider.destroy(), 1500);
    await provider.up(inputs(800));
    await neverTwo();
  }
});

// FORMATION_SLOW_CLOCKS=20 makes a longer run, of ten minutes or so.
test(
  "a clock that takes 20 s to stop is waited for, also by a provider that comes after a killed one",
  async () => {
    const slow = (type = "clock") =>
      inputs(20_000, { processes: { [type]: { command: BEATING, singleton: true, stopTimeout: 30 } } }, type);
    await provider.up(slow());
    for (let round = 0; round < SLOW_CLOCKS; round++) {
      const next = slow(["clock", "clock", "scheduler"][round % 3]);
      await cutOff("slow release", () => provider.up(next), round % 2 === 0 ? 5_000 : 22_000);
      await provider.up(next);
      await neverTwo();
    }
  },
  60_000 + SLOW_CLOCKS * 60_000,
);

test("the watch that all this rests on sees two at once", async () => {
  const pair = uniqueName("pair");
  const watch = await Heartbeats.of(pair);
  try {
    for (const _ of ["one", "two"]) await start(pair, watch.collector);
    while (watch.heard < 2) await delay(50);
    expect(watch.overlaps().map((line) => line.split(":")[0])).toEqual(["beats", "events"]);
    expect(heartbeats.heard).toBeGreaterThan(20);
  } finally {
    await removeContainersOf(pair);
    watch.close();
  }
});

async function start(name: string, collector: string): Promise<void> {
  const container = await docker.createContainer({
    Image: image,
    Cmd: BEATING,
    Env: [`COLLECTOR=${collector}`],
    Labels: { "formation.app": name },
  });
  await container.start();
}
