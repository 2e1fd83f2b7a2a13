import { setTimeout as delay } from "node:timers/promises";
import { SwarmEngine } from "../../provider/hosts/swarm-engine";
import { Managers } from "../../provider/hosts/swarm-managers";
import { startRig, type Rig } from "../support/rig";
import type { Verdict } from "../support/rig/pulse";
import { until } from "../support/rig/run";
import { formSwarm, type TestSwarm } from "../support/rig/swarm";
import { managersOf, SwarmApp } from "../support/swarm-app";

// Whatever happens, no clock runs twice: counted are the clocks' own processes, not what any engine says of them.

let rig: Rig;
let swarm: TestSwarm;
const apps: SwarmApp[] = [];
const attempted: string[] = [];
const seen: string[] = [];

function appWith(stopping: ConstructorParameters<typeof SwarmApp>[1], more = {}): SwarmApp {
  const made = new SwarmApp(rig, stopping, more);
  apps.push(made);
  return made;
}

const messageOf = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => "nothing failed",
    (error: unknown) => (error instanceof Error ? error.message : String(error)),
  );

/** @param lives how many clocks are to have lived, one after the other */
function judged(app: SwarmApp, what: string, lives: number): Verdict {
  const verdict = app.pulse.stop();
  seen.push(
    `${what}: ${verdict.lives} clocks one after the other, at most ${verdict.most} at once, none for ${verdict.none} s`,
  );
  expect(verdict).toMatchObject({ most: 1, together: 0 });
  expect(verdict.lives).toBeGreaterThanOrEqual(lives);
  return verdict;
}

beforeAll(async () => {
  rig = await startRig({ engines: 3 });
  swarm = await formSwarm(rig, 3);
});

/** A test that has failed must not spoil the next. */
afterEach(async () => {
  for (const index of [0, 1, 2]) await rig.heal(index);
});

afterAll(async () => {
  for (const { pulse } of apps) pulse.stop();
  await Promise.all(apps.map(({ provider }) => provider.kill()));
  await rig?.stop();
  const kinds = [...new Set(attempted)].map((what) => `${attempted.filter((one) => one === what).length} × ${what}`);
  console.log([`attempted: ${kinds.join(", ")}`, ...seen].join("\n"));
});

async function everyChange(): Promise<void> {
  const app = appWith({ takes: 3 });
  await app.up();
  await app.release();
  const former = app.home;
  attempted.push("node drained");
  await swarm.drain(former);
  await app.up();
  expect(app.home).not.toBe(former);
  await swarm.undrain(former);
  const { clock, ...rest } = app.inputs["processes"] as Record<string, object>;
  await app.up({ processes: { ...rest, scheduler: clock }, scale: { web: 0, scheduler: 1 } });
  expect(app.instances.map(({ name }) => name)).toEqual(["scheduler.1"]);
  await app.up({ scale: { web: 0, scheduler: 0 } });
  expect(app.pulse.alive()).toBe(0);
  await app.up({ scale: { web: 0, scheduler: 1 } });
  await app.provider.destroy();
  expect(app.pulse.alive()).toBe(0);
  judged(app, "released, moved, renamed, scaled to 0, destroyed", 5);
}

async function longStop(): Promise<void> {
  const app = appWith("ignores");
  const processes = app.inputs["processes"] as Record<string, object>;
  await app.up({ processes: { ...processes, clock: { ...processes["clock"], stopTimeout: 65 } } });
  const began = Date.now();
  await app.release();
  expect(Date.now() - began).toBeGreaterThan(60_000);
  await app.provider.kill();
  judged(app, "65 s to stop", 2);
}

async function killedProvider(): Promise<void> {
  const app = appWith({ takes: 2 });
  await app.up();
  for (let kill = 0; kill < 8; kill++) {
    attempted.push("provider killed");
    const isRemoval = kill % 3 === 2;
    const killed = isRemoval
      ? app.up({ scale: { web: 0, clock: 0 } }, 200 + kill * 400)
      : app.release(200 + kill * 400);
    await messageOf(killed);
    await delay(kill * 50);
    await app.up({ scale: { web: 0, clock: 1 } });
    expect(app.instances).toMatchObject([{ name: "clock.1", state: "running" }]);
    expect(await app.provider.preview(app.inputs)).toBe(false);
  }
  await app.provider.destroy();
  judged(app, "8 kills of the provider", 6);
}

test("every change of a clock, a stop of more than a minute, and a provider that is killed again and again", async () => {
  await Promise.all([everyChange(), longStop(), killedProvider()]);
});

test("the leader is lost while a clock stops", async () => {
  const app = appWith({ takes: 15 });
  await app.up();
  const leader = await swarm.leader(app.home);
  if (leader === app.home) {
    // It is another engine's that must fall.
    await swarm.drain(leader);
    await app.up();
    await swarm.undrain(leader);
  }
  attempted.push("leader killed");
  const released = app.release();
  await delay(4000);
  await rig.kill(leader);
  await released;
  expect(app.instances).toMatchObject([{ name: "clock.1", state: "running" }]);
  await rig.restart(leader);
  await swarm.settled(app.home);
  await app.provider.destroy();
  judged(app, "leader killed while it stops", 2);
});

test("a node is cut off: its clock stays its own, what may run anywhere moves, and nothing is taken for done", async () => {
  const app = appWith({ takes: 2 });
  await app.up({ scale: { web: 3, clock: 1 } });
  const home = app.home;
  const witness = (home + 1) % 3;
  attempted.push("node cut off");
  await rig.cut(home);
  await until("the Swarm says that the node is down", 90, async () => {
    const nodes = await swarm.nodes(witness).catch(() => []);
    return nodes[home]?.isReady === false && nodes.some((one) => one.isLeader);
  });
  const words = await messageOf(app.up({ env: { RELEASE: "cut" }, scale: { web: 4, clock: 1 } }));
  expect(words).toContain(`clock.1: left undone: left as it is: ${rig.engines[home]!.name} cannot be reached`);
  expect(words).toContain(`abandonedNodes: ["${rig.engines[home]!.name}"]`);
  expect(app.provider.outputs["running"]).toMatchObject({ web: 4, clock: 0 });
  expect(app.instances.find(({ name }) => name === "clock.1")).toMatchObject({ state: "unknown" });
  expect(app.pulse.alive()).toBe(1);
  await rig.heal(home);
  await swarm.settled(witness);
  await app.up();
  expect(app.provider.outputs["running"]).toEqual({ web: 4, clock: 1 });
  expect(app.home).toBe(home);
  await app.provider.destroy();
  judged(app, "its node cut off and healed", 2);
});

test("the clock's dockerd is killed, its container lives on", async () => {
  const app = appWith({ takes: 2 });
  await app.up();
  const home = app.home;
  const witness = (home + 1) % 3;
  attempted.push("dockerd killed");
  await rig.kill(home);
  await delay(20_000);
  expect(app.pulse.alive()).toBe(1);
  await rig.restart(home);
  await swarm.settled(witness);
  await app.release();
  expect(app.instances).toMatchObject([{ name: "clock.1", state: "running" }]);
  await app.provider.destroy();
  judged(app, "its dockerd killed and started", 2);
});

test("without a quorum nothing is taken for empty, and an update waits until there is one again", async () => {
  const app = appWith({ takes: 2 });
  await app.up();
  const others = [0, 1, 2].filter((index) => index !== app.home);
  attempted.push("quorum lost");
  for (const index of others) await rig.cut(index);
  await delay(12_000);
  const managers = managersOf(rig);
  const impatient = new SwarmEngine(new Managers(managers, 3));
  const words = await messageOf(impatient.observe({ apps: [app.name], registryAuth: [] }));
  expect(words).toMatch(/the Swarm has no leader/);
  const released = app.release();
  await delay(3_000);
  expect(app.pulse.alive()).toBe(1);
  for (const index of others) await rig.heal(index);
  await released;
  expect(app.instances).toMatchObject([{ name: "clock.1", state: "running" }]);
  await app.provider.destroy();
  judged(app, "quorum lost and back", 2);
});
