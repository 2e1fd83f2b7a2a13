import { setTimeout as delay } from "node:timers/promises";
import { SwarmEngine } from "../../provider/orchestrators/swarm/api/swarm-engine";
import { Managers } from "../../provider/orchestrators/swarm/api/managers";
import type { Properties } from "../support/provider";
import { startRig, type Rig } from "../support/rig";
import type { Verdict } from "../support/rig/pulse";
import { until } from "../support/rig/run";
import { formSwarm, WATCHFUL, type TestSwarm } from "../support/rig/swarm";
import { managersOf, SwarmApp } from "../support/swarm-app";

// No fault makes two clocks run: the clocks' own processes are counted, not an engine's word for them.

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

/** @param lives number of clocks expected, one after the other */
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
  swarm = await formSwarm(rig, 3, WATCHFUL);
});

/** Mends all links, so that a failed test does not spoil the next. */
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
  for (let kill = 0; kill < 6; kill++) {
    attempted.push("provider killed");
    const after = 200 + kill * 500;
    const ways = [
      () => app.release(after),
      () => app.up({ scale: { web: 0, clock: 0 } }, after),
      () => app.destroy(after),
    ] as const;
    await messageOf(ways[kill % 3]!());
    await delay(kill * 50);
    await app.up({ scale: { web: 0, clock: 1 } });
    expect(app.instances).toMatchObject([{ name: "clock.1", state: "running" }]);
    expect(await app.provider.preview(app.inputs)).toBe(false);
  }
  await app.provider.destroy();
  judged(app, "6 kills of the provider", 5);
}

test("every change of a clock, a stop of more than a minute, and a provider that is killed again and again", async () => {
  await Promise.all([everyChange(), longStop(), killedProvider()]);
});

test("the leader's dockerd is killed while a clock stops, and while another clock runs there", async () => {
  const apps = [appWith({ takes: 15 }), appWith({ takes: 2 })] as const;
  const [stopping, staying] = apps;
  await stopping.up(await clockBeside(stopping, "other"));
  await staying.up(await clockBeside(staying, "leader"));
  const leader = staying.home;
  attempted.push("leader killed", "dockerd killed");
  const released = stopping.release();
  await delay(4000);
  await rig.kill(leader);
  await released;
  expect(stopping.instances).toMatchObject([{ name: "clock.1", state: "running" }]);
  expect(staying.pulse.alive()).toBe(1);
  await rig.restart(leader);
  await swarm.settled(stopping.home);
  await staying.release();
  expect(staying.instances).toMatchObject([{ name: "clock.1", state: "running" }]);
  await Promise.all(apps.map((app) => app.provider.destroy()));
  judged(stopping, "leader killed while it stops", 2);
  judged(staying, "its dockerd killed and started", 2);
});

/** Declares a clock on the leader's node or on another, once the leader is known. */
async function clockBeside(app: SwarmApp, role: "leader" | "other"): Promise<Properties> {
  const leader = await swarm.leader();
  for (const index of [0, 1, 2]) await swarm.label(index, { role: index === leader ? "leader" : "other" });
  const { clock, ...rest } = app.inputs["processes"] as Record<string, object>;
  return { processes: { ...rest, clock: { ...clock, placement: { labels: { role } } } } };
}

/** Tries to rename the clock: under no other name may it start while the node of the first cannot be asked. */
async function renamedWhileCutOff(app: SwarmApp): Promise<void> {
  const { processes, scale } = app.inputs as { processes: Record<string, object>; scale: object };
  const { clock, ...rest } = processes;
  const { placement: _, ...free } = clock as { placement: object };
  for (const [what, renamed] of [
    [
      "scheduler.1",
      { processes: { ...rest, scheduler: { ...free, singleton: true } }, scale: { web: 4, scheduler: 1 } },
    ],
    ["clock.1", { processes: { ...rest, clock: free }, scale, app: `${app.name}-new` }],
  ] as const) {
    attempted.push(`${what} renamed while its node is cut off`);
    expect(await messageOf(app.up(renamed))).toContain(`${what}: left undone: not started: `);
    // The next update remembers it, too.
    expect(await messageOf(app.up())).toContain(`${what}: left undone: not started: `);
    expect(app.pulse.alive()).toBe(1);
  }
  expect(app.provider.outputs["__formerApps"]).toHaveProperty(app.name);
  expect(await messageOf(app.up({ processes, scale, app: app.name }))).toContain("clock.1: left undone: left as it is");
  expect(app.pulse.alive()).toBe(1);
}

test("a node is cut off, then the quorum is lost: a clock stays where it is, what may run anywhere moves", async () => {
  const app = appWith({ takes: 2 });
  // A new leader would take longer to find that a node is down.
  await app.up({ scale: { web: 3, clock: 1 }, ...(await clockBeside(app, "other")) });
  const [home, leader] = [app.home, await swarm.leader()];
  attempted.push("node cut off", "quorum lost");
  await rig.cut(home);
  await until("the Swarm says that the node is down", 90, async () => {
    const nodes = await swarm.nodes(leader).catch(() => []);
    return nodes[home]?.isReady === false && nodes.some((one) => one.isLeader);
  });
  const words = await messageOf(app.up({ env: { RELEASE: "cut" }, scale: { web: 4, clock: 1 } }));
  expect(words).toContain(`clock.1: left undone: left as it is: ${rig.engines[home]!.name} cannot be reached`);
  expect(words).toContain(`abandonedNodes: ["${rig.engines[home]!.name}"]`);
  expect(app.provider.outputs["running"]).toMatchObject({ web: 4, clock: 0 });
  expect(app.instances.find(({ name }) => name === "clock.1")).toMatchObject({ state: "unknown" });
  expect(app.pulse.alive()).toBe(1);
  await renamedWhileCutOff(app);

  await rig.cut(leader);
  const impatient = new SwarmEngine(new Managers(managersOf(rig), { patience: 3 }));
  await until("no manager leads", 60, async () =>
    /the Swarm has no leader/.test(await messageOf(impatient.observe({ apps: [app.name], registryAuth: [] }))),
  );
  const places = () => app.instances.map(({ name, host }) => `${name} on ${host}`);
  const known = places();
  expect(await messageOf(app.release())).toMatch(/^the Swarm has no leader .*; then run up again$/);
  expect(places()).toEqual(known);
  expect(new Set(app.instances.map(({ state }) => state))).toEqual(new Set(["unknown"]));
  expect(app.pulse.alive()).toBe(1);
  const released = app.release();
  await delay(3_000);
  expect(app.pulse.alive()).toBe(1);
  await rig.heal(leader);
  await rig.heal(home);
  await swarm.settled(leader);
  // The update may have left the clock undone, if one node was still unreachable when it observed the Swarm.
  await messageOf(released);
  await app.up();
  expect(app.provider.outputs["running"]).toEqual({ web: 4, clock: 1 });
  expect(app.home).toBe(home);
  await app.provider.destroy();
  judged(app, "its node cut off, the quorum lost, both back", 2);
  // An update alone waits two and a half minutes for a leader.
}, 600_000);
