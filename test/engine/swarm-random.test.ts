import { setTimeout as delay } from "node:timers/promises";
import { startRig, type Rig } from "../support/rig";
import { formSwarm, type TestSwarm } from "../support/rig/swarm";
import { SwarmApp } from "../support/swarm-app";

// Random faults in the middle of releases of a clock, which never runs twice. FORMATION_SWARM_FAULTS=20 is a longer run,
// FORMATION_SWARM_SEED repeats one.

const FAULTS = Number(process.env["FORMATION_SWARM_FAULTS"] ?? 2);
const SEED = Number(process.env["FORMATION_SWARM_SEED"] ?? Date.now() % 100_000);
jest.setTimeout(60_000 + FAULTS * 120_000);

let rig: Rig;
let swarm: TestSwarm;
let app: SwarmApp;
const attempted: string[] = [];

beforeAll(async () => {
  rig = await startRig({ engines: 3 });
  swarm = await formSwarm(rig);
  app = new SwarmApp(rig, { takes: 2 });
});

afterAll(async () => {
  app?.pulse.stop();
  await app?.provider.kill();
  await rig?.stop();
  console.log(`seed ${SEED}, faults: ${attempted.join(", ")}`);
});

type Where = "the clock's node" | "another node" | "the leader";

/** Each begins, and answers with what ends it. */
const faults: Readonly<Record<string, (index: number) => Promise<() => Promise<unknown>>>> = {
  "cut off": async (index) => {
    await rig.cut(index);
    return () => rig.heal(index);
  },
  "dockerd killed": async (index) => {
    await rig.kill(index);
    return () => rig.restart(index);
  },
  "dockerd frozen": async (index) => {
    await rig.freeze(index);
    return () => rig.thaw(index);
  },
  drained: async (index) => {
    await swarm.drain(index, index);
    return () => swarm.undrain(index, index);
  },
  "provider killed, node cut off": async (index) => {
    await app.provider.kill();
    await rig.cut(index);
    return () => rig.heal(index);
  },
};

async function indexOf(where: Where): Promise<number> {
  if (where === "the leader") return swarm.leader(app.home);
  return where === "another node" ? (app.home + 1) % 3 : app.home;
}

test(`a clock never runs twice, whatever happens while it is released`, async () => {
  const random = randomFrom(SEED);
  const oneOf = <T>(items: readonly T[]) => items[Math.floor(random() * items.length)]!;
  await app.up();
  for (let at = 0; at < FAULTS; at++) {
    const name = oneOf(Object.keys(faults));
    const where = oneOf<Where>(["the clock's node", "another node", "the leader"]);
    const index = await indexOf(where);
    attempted.push(`${name} (${where})`);
    const release = app.release().catch(() => undefined);
    await delay(random() * 4000);
    const mend = await faults[name]!(index);
    await delay(2000 + random() * 16_000);
    await mend();
    await swarm.settled((index + 1) % 3);
    await release;
    await app.up();
    expect(app.instances).toMatchObject([{ name: "clock.1", state: "running" }]);
    expect(app.pulse.alive()).toBe(1);
  }
  const verdict = app.pulse.stop();
  attempted.push(`seen: ${JSON.stringify(verdict)}`);
  expect(verdict).toMatchObject({ most: 1, together: 0 });
  await app.provider.destroy();
});

/** The same numbers from 0 to 1 for the same seed. */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) % 2 ** 32;
    return state / 2 ** 32;
  };
}
