import { uniqueName } from "../support/engine";
import { EngineMessages } from "../support/engine-messages";
import { BEATING } from "../support/heartbeats";
import { containersByHost, countsByHost, hostsOf, removeEverywhere, slotsByHost } from "../support/hosts";
import { HookError, Provider, type Properties } from "../support/provider";
import { startRig, type Rig } from "../support/rig";
import { COLLECTOR, collectHeartbeats, livesHeard, overlapsHeard } from "../support/rig/heartbeats";
import { until } from "../support/rig/run";

// Hosts that are unreachable before an update, during it, and for good. a is this machine's, b over TLS, c over ssh.

const [, B, C] = [0, 1, 2] as const;

let rig: Rig;
let messages: EngineMessages;
let app: string;
let provider: Provider;

beforeAll(async () => {
  [rig, messages] = await Promise.all([startRig({ engines: 3, tls: [B], ssh: [C] }), EngineMessages.listen()]);
  await collectHeartbeats(rig);
});
beforeEach(() => {
  app = uniqueName("lost");
  provider = new Provider(app, { engine: messages.address });
});
afterEach(async () => {
  await provider.kill();
  await removeEverywhere(rig, app);
});
afterAll(async () => {
  messages.close();
  await rig.stop();
});

function declare(hosts: readonly Properties[], scale: Properties, more: Properties = {}): Properties {
  return {
    image: rig.image,
    pull: "never",
    update: { monitor: 0 },
    hosts,
    env: { COLLECTOR, STOP_MS: "200" },
    procfile: "web: sleep 1000",
    processes: { clock: { command: BEATING } },
    scale: { web: 0, clock: 0, ...scale },
    ...more,
  };
}
const all = (more?: Parameters<typeof hostsOf>[2]) => hostsOf(rig, "abc", more);

const failure = async (work: Promise<void>): Promise<string> =>
  work.then(
    () => "it did not fail",
    (error: unknown) => (error instanceof HookError ? error.message : String(error)),
  );

interface Instance {
  readonly name: string;
  readonly host: string;
  readonly state: string;
  readonly release: string;
  readonly since: string;
}
const instances = () => provider.outputs["instances"] as Instance[];
const statesOn = (host: string) => instances().flatMap((one) => (one.host === host ? [one.state] : []));

/** Does harm to an update once it has visibly begun. */
async function inTheMiddle(work: () => Promise<void>, isBegun: () => Promise<boolean>, harm: () => Promise<void>) {
  const running = failure(work());
  await until("the update has begun", 60, isBegun);
  await harm();
  return running;
}

test.each([
  ["cut off", (): Promise<void> => rig.cut(B), (): Promise<void> => rig.heal(B)],
  ["killed (F07, F22)", (): Promise<void> => rig.kill(B), (): Promise<void> => rig.restart(B)],
  ["frozen", (): Promise<void> => rig.freeze(B), (): Promise<void> => rig.thaw(B)],
] as const)("a host that is %s in the middle of an update", async (_, hurt, mend) => {
  const wanted = declare(all(), { web: 24 });
  const begin = performance.now();
  const started = async () => ((await slotsByHost(rig, app))["c"] ?? []).length > 0;
  let words: string;
  let others: number[];
  let seconds: number;
  let kept: string[];
  try {
    words = await inTheMiddle(() => provider.up(wanted), started, hurt);
    seconds = (performance.now() - begin) / 1000;
    kept = instances().map((one) => `${one.name} on ${one.host}`);
    others = [0, C].map((index) => kept.filter((one) => one.endsWith(` on ${rig.engines[index]!.name}`)).length);
  } finally {
    await mend();
  }
  expect(words).toMatch(/web\.\d+ on b: create failed: cannot reach b/);
  expect(words).toMatch(/what runs there is unknown and was left as it is: web\./);
  expect(others).toEqual([8, 8]);
  expect(new Set(statesOn("b"))).toEqual(new Set(["unknown"]));
  expect(seconds).toBeLessThan(90);

  const before = await containersByHost(rig, app);
  await provider.up(wanted);
  expect(await countsByHost(rig, app)).toEqual([8, 8, 8]);
  const after = await containersByHost(rig, app);
  for (const name of ["a", "c"])
    expect(after[name]!.map(({ Id }) => Id).sort()).toEqual(before[name]!.map(({ Id }) => Id).sort());
  expect(await provider.preview(wanted)).toBe(false);
});

test("while a host is lost its processes are unknown, and the others get what is new (F06, F08)", async () => {
  await provider.up(declare(all(), { web: 6 }));
  const before = instances();
  const release = provider.outputs["release"];
  await rig.cut(B);
  try {
    messages.take();
    await provider.refresh();
    expect(messages.take()).toMatch(/cannot reach b .*; what runs there is unknown/);
    expect(statesOn("b")).toEqual(["unknown", "unknown"]);
    const known = ({ state: _, ...one }: Instance) => ({ ...one, endpoint: undefined });
    expect(instances().map(known)).toEqual(before.map(known));
    expect(provider.outputs["release"]).toBe(release);
    expect(await provider.preview(declare(all(), { web: 6 }))).toBe(false);

    const begin = performance.now();
    const words = await failure(provider.up(declare(all(), { web: 8 }, { env: { RELEASE: "2" } })));
    expect((performance.now() - begin) / 1000).toBeLessThan(45);
    expect(words).toMatch(/cannot reach b .* left as it is: web\.\d, web\.\d/s);
    expect(await countsByHost(rig, app)).toEqual([3, 2, 3]);
  } finally {
    await rig.heal(B);
  }
  await provider.up(declare(all(), { web: 8 }, { env: { RELEASE: "2" } }));
  expect(await countsByHost(rig, app)).toEqual([3, 2, 3]);
  expect(new Set(instances().map((one) => one.release)).size).toBe(1);
  expect(statesOn("b")).toEqual(["running", "running"]);
});

const onlyOn = (name: string, more: Readonly<Record<string, Properties>> = {}) => ({
  hosts: all({ ...more, [name]: { ...more[name], labels: { clock: "here" } } }),
  processes: { clock: { command: BEATING, placement: { labels: { clock: "here" } } } },
});

test("a clock moves only once it is certain to have ended where it was (F09)", async () => {
  await provider.up(declare([], { clock: 1 }, onlyOn("b")));
  await rig.cut(B);
  try {
    const moved = declare([], { clock: 1, web: 2 }, onlyOn("a"));
    const words = await failure(provider.up(moved));
    expect(words).toMatch(/clock\.1: left undone: not started while b cannot be reached: one may still run there/);
    expect(await slotsByHost(rig, app)).toEqual({ a: ["web.1"], b: ["clock.1"], c: ["web.2"] });
    // Removing the host from the program does not help, however often it is tried.
    const without = { ...onlyOn("a"), hosts: onlyOn("a").hosts.filter(({ name }) => name !== "b") };
    for (const _ of [1, 2])
      expect(await failure(provider.up(declare([], { clock: 1, web: 2 }, without)))).toContain("cannot reach b");
    expect((await slotsByHost(rig, app))["a"]).toEqual(["web.1"]);
  } finally {
    await rig.heal(B);
  }
  await provider.up(declare([], { clock: 1, web: 2 }, onlyOn("a")));
  expect(await slotsByHost(rig, app)).toEqual({ a: ["clock.1", "web.1"], b: [], c: ["web.2"] });
  await until("both clocks were heard", 20, () => livesHeard(rig).length >= 2);
  expect(overlapsHeard(rig)).toEqual([]);
});

test("a clock is placed anew when a person vouches for its host; the old one goes first when that is back", async () => {
  const wanted = (more: Readonly<Record<string, Properties>> = {}, release = "1") =>
    declare(all(more), { clock: 1, web: 3 }, { env: { COLLECTOR, STOP_MS: "200", RELEASE: release } });
  await provider.up(wanted());
  const { host: home } = instances().find(({ name }) => name === "clock.1")!;
  const index = rig.engines.findIndex(({ name }) => name === home);
  const [old] = (await containersByHost(rig, app))[home]!.filter(({ Names }) => Names[0]!.endsWith("clock.1"));
  // The host is really off: nothing on it runs.
  for (const { Id } of (await containersByHost(rig, app))[home]!)
    await rig.engines[index]!.docker.getContainer(Id).kill();
  await rig.kill(index);
  try {
    expect(await failure(provider.up(wanted({}, "2")))).toContain(`cannot reach ${home}`);
    await provider.up(wanted({ [home]: { abandoned: true } }, "2"));
    const placed = instances();
    expect(placed.filter(({ name }) => name === "clock.1")).toMatchObject([{ state: "running" }]);
    expect(placed.map((one) => one.host)).not.toContain(home);
    expect(provider.outputs["running"]).toEqual({ web: 3, clock: 1 });
  } finally {
    await rig.restart(index);
  }
  // The host comes back, and dockerd starts its old processes again.
  const former = rig.engines[index]!.docker;
  await until("the old clock is back", 20, async () => (await former.getContainer(old!.Id).inspect()).State.Running);
  const kept = instances().find(({ name }) => name === "clock.1")!;
  await provider.up(wanted({}, "2"));
  const clocks = instances().filter(({ name }) => name === "clock.1");
  expect(clocks).toMatchObject([{ host: kept.host, state: "running" }]);
  expect(
    Object.values(await slotsByHost(rig, app))
      .flat()
      .sort(),
  ).toEqual(["clock.1", "web.1", "web.2", "web.3"]);
  expect(await provider.preview(wanted({}, "2"))).toBe(false);
});

test("a frozen host does not hold the others back", async () => {
  await provider.up(declare(all(), { web: 3 }));
  const alone = performance.now();
  await provider.up(declare(all(), { web: 9 }));
  const usual = performance.now() - alone;
  await rig.freeze(C);
  const begin = performance.now();
  const running = failure(provider.up(declare(all(), { web: 15 })));
  try {
    const ofOthers = async () => {
      const filters = { label: [`formation.app=${app}`] };
      const lists = await Promise.all(rig.engines.slice(0, 2).map(({ docker }) => docker.listContainers({ filters })));
      return lists.flat().length;
    };
    // Two observations of 5 s, for the plan and for the update, then no more time than with all hosts.
    await until("the others are done", 60, async () => (await ofOthers()) === 12);
    expect(performance.now() - begin).toBeLessThan(2 * usual + 2 * 5_000 + 2_000);
  } finally {
    await rig.thaw(C);
    await running;
  }
});
