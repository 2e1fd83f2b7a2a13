import { setTimeout as delay } from "node:timers/promises";
import { startRig, type Rig } from "../support/rig";
import { formSwarm, WATCHFUL, type TestSwarm } from "../support/rig/swarm";
import { SwarmApp } from "../support/swarm-app";

// Random faults in the middle of releases and renames of a clock, which never runs twice; now and then the program is
// reset afterwards. FORMATION_SWARM_FAULTS=20 makes a longer run, FORMATION_SWARM_SEED repeats one.

const FAULTS = Number(process.env["FORMATION_SWARM_FAULTS"] ?? 1);
const SEED = Number(process.env["FORMATION_SWARM_SEED"] ?? Date.now() % 100_000);
jest.setTimeout(60_000 + FAULTS * 120_000);

let rig: Rig;
let swarm: TestSwarm;
let app: SwarmApp;
const attempted: string[] = [];

beforeAll(async () => {
  rig = await startRig({ engines: 3 });
  swarm = await formSwarm(rig, 3, WATCHFUL);
  app = new SwarmApp(rig, { takes: 2 });
});

afterAll(async () => {
  app?.pulse.stop();
  await app?.provider.kill();
  await rig?.stop();
  console.log(`seed ${SEED}, faults: ${attempted.join(", ")}`);
});

type Where = "the clock's node" | "another node" | "the leader";

/** Faults by name. Each begins when called and returns a function that ends it. */
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

const declared = () => app.inputs["processes"] as Record<string, object>;

/** Changes by name, each tried while the Swarm has the clock under one of its names. */
const changes: Readonly<Record<string, () => Promise<void>>> = {
  released: () => app.release(),
  "type renamed": () => {
    const { clock, scheduler, ...rest } = declared();
    const [type, command] = clock === undefined ? ["clock", scheduler] : ["scheduler", clock];
    return app.up({ processes: { ...rest, [type]: command }, scale: { web: 0, [type]: 1 } });
  },
  "app renamed": () => app.up({ app: app.inputs["app"] === app.name ? `${app.name}-new` : app.name }),
};

async function indexOf(where: Where): Promise<number> {
  if (where === "the leader") return swarm.leader(app.home);
  return where === "another node" ? (app.home + 1) % 3 : app.home;
}

test(`a clock never runs twice, whatever happens while it is released or renamed`, async () => {
  const random = randomFrom(SEED);
  const oneOf = <T>(items: readonly T[]) => items[Math.floor(random() * items.length)]!;
  await app.up();
  for (let at = 0; at < FAULTS; at++) {
    const name = oneOf(Object.keys(faults));
    const where = oneOf<Where>(["the clock's node", "another node", "the leader"]);
    const index = await indexOf(where);
    const what = oneOf(Object.keys(changes));
    const before = app.inputs;
    const isSetBack = random() < 0.4;
    attempted.push(`${what}${isSetBack ? " and set back" : ""}, ${name} (${where})`);
    const change = changes[what]!().catch(() => undefined);
    await delay(random() * 4000);
    const mend = await faults[name]!(index);
    await delay(2000 + random() * 16_000);
    await mend();
    await swarm.settled((index + 1) % 3);
    await change;
    await app.up(isSetBack ? before : {});
    expect(app.instances.map(({ name }) => name)).toEqual([`${"clock" in declared() ? "clock" : "scheduler"}.1`]);
    expect(app.instances[0]?.state).toBe("running");
    expect(await app.provider.preview(app.inputs)).toBe(false);
    expect(app.pulse.alive()).toBe(1);
  }
  const verdict = app.pulse.stop();
  attempted.push(`seen: ${JSON.stringify(verdict)}`);
  expect(verdict).toMatchObject({ most: 1, together: 0 });
  await app.provider.destroy();
});

/** Makes a generator of numbers from 0 to 1, the same for the same seed. */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) % 2 ** 32;
    return state / 2 ** 32;
  };
}
