import { EngineMessages } from "../support/engine-messages";
import { uniqueName } from "../support/engine";
import { startPodman, type Podman } from "../support/podman";
import { Provider, type HookError } from "../support/provider";

// Life of a formation on a real Podman, with hooks called as Pulumi calls them. The parts of Docker's API that Podman
// lacks must lead neither to a state without a way out nor to a second clock.

const app = uniqueName("podman");
const command = (first = "true") => ["/bin/sh", "-c", `${first}; while :; do sleep 0.3; done`];
let podman: Podman;
let messages: EngineMessages;
let provider: Provider;

beforeAll(async () => {
  podman = await startPodman();
  messages = await EngineMessages.listen();
  provider = new Provider(app, { engine: messages.address });
});

afterAll(async () => {
  await provider.kill();
  messages.close();
  await podman.stop();
});

interface Wishes {
  readonly scale?: Readonly<Record<string, number>>;
  readonly release?: string;
  readonly clock?: readonly string[];
  readonly web?: readonly string[];
  readonly restartedAt?: Readonly<Record<string, string>>;
}

const declare = ({
  scale = { web: 2, worker: 1, clock: 1 },
  release = "1",
  clock = command(),
  web = command(),
  ...more
}: Wishes = {}) => ({
  image: podman.image,
  hosts: [{ host: podman.host }],
  scale,
  env: { RELEASE: release },
  ...more,
  processes: {
    web: { command: web, port: 8080, stopTimeout: 1, update: { monitor: 0.5 } },
    worker: { command: "sleep 1000", stopTimeout: 60, update: { monitor: 0 } },
    clock: { command: clock, stopTimeout: 1, update: { monitor: 0.5 } },
  },
});

/** Ids and states of the app's containers by their slots, as Podman itself tells. */
async function slots(): Promise<Map<string, { readonly id: string; readonly state: string }>> {
  const all = await podman.docker.listContainers({ all: true });
  const own = all.filter((one) => one.Names[0]?.startsWith(`/${app}.`) === true);
  return new Map(own.map(({ Names, Id, State }) => [Names[0]!.slice(app.length + 2), { id: Id, state: State }]));
}

/** @returns the most clocks that ran at any moment of the work, under whatever names */
async function mostClocks(work: () => Promise<unknown>): Promise<number> {
  const filters = { label: [`formation.app=${app}`, "formation.type=clock"] };
  let most = 0;
  let isOver = false;
  const watch = async () => {
    while (!isOver) most = Math.max(most, (await podman.docker.listContainers({ filters })).length);
  };
  await Promise.all([watch(), work().finally(() => (isOver = true))]);
  return most;
}

/** @returns the slots whose containers have changed */
async function upTo(wishes: Wishes): Promise<readonly string[]> {
  const before = await slots();
  await provider.up(declare(wishes));
  const after = await slots();
  expect([...after.values()].filter(({ state }) => state !== "running")).toEqual([]);
  expect(await provider.preview(declare(wishes))).toBe(false);
  return [...after].flatMap(([slot, { id }]) => (before.get(slot)?.id === id ? [] : [slot])).sort();
}

test("up, and a second preview is empty", async () => {
  expect(await upTo({})).toEqual(["clock.1", "web.1", "web.2", "worker.1"]);
  expect(provider.outputs).toMatchObject({ running: { web: 2, worker: 1, clock: 1 } });
});

test("scale up and down touches nothing else", async () => {
  expect(await upTo({ scale: { web: 3, worker: 2 } })).toEqual(["web.3", "worker.2"]);
  expect(await upTo({ scale: { web: 1, worker: 1 } })).toEqual([]);
  expect([...(await slots()).keys()].sort()).toEqual(["clock.1", "web.1", "worker.1"]);
});

test("a release replaces all, the clock too, and a worker behind a shell hears that it is to stop", async () => {
  const began = performance.now();
  const release = async () =>
    expect(await upTo({ scale: { web: 1 }, release: "2" })).toEqual(["clock.1", "web.1", "worker.1"]);
  expect(await mostClocks(release)).toBe(1);
  expect(performance.now() - began).toBeLessThan(60_000);
});

test("a restart", async () => {
  const wishes = { scale: { web: 1 }, release: "2", restartedAt: { clock: "2026-01-02T03:04:05Z" } };
  expect(await upTo(wishes)).toEqual(["clock.1"]);
});

test.each([
  ["was removed", (slot: string) => podman.run("rm", "--force", slot), /create on local/],
  ["was stopped", (slot: string) => podman.run("stop", "--time", "1", slot), /start on local/],
  ["was paused", (slot: string) => podman.run("pause", slot), /unpause on local/],
])("a clock that %s by hand shows in the preview, and is put right", async (_, happens, line) => {
  const wishes = { scale: { web: 1 }, release: "2", restartedAt: { clock: "2026-01-02T03:04:05Z" } };
  await happens(`${app}.clock.1`);
  messages.take();
  expect(await provider.preview(declare(wishes))).toBe(true);
  expect(messages.take()).toMatch(line);
  await upTo(wishes);
  expect([...(await slots()).keys()].sort()).toEqual(["clock.1", "web.1", "worker.1"]);
});

test("a release whose web fails is rolled back to the very containers that ran; a clock may be missing", async () => {
  const before = await slots();
  await expect(provider.up(declare({ scale: { web: 1 }, release: "3", web: command("exit 3") }))).rejects.toThrow();
  const after = await slots();
  for (const slot of ["web.1", "worker.1"]) expect(after.get(slot)).toEqual(before.get(slot));
  expect([...after.keys()].filter((slot) => slot.startsWith("clock")).length).toBeLessThanOrEqual(1);
  await upTo({ scale: { web: 1 }, release: "2" });
  expect([...(await slots()).keys()].sort()).toEqual(["clock.1", "web.1", "worker.1"]);
});

test("a release whose clock fails: never two clocks, said in words, and the next up has one", async () => {
  const wishes = { scale: { web: 1 }, release: "3" };
  const broken = { ...wishes, clock: command("echo no database; exit 3") };
  let told: unknown;
  const fails = () => provider.up(declare(broken)).catch((error: unknown) => (told = error));
  expect(await mostClocks(fails)).toBe(1);
  expect(String((told as HookError).answer.reasons)).toMatch(/no database[^]*singleton was removed[^]*run up again/);
  expect([...(await slots()).keys()].sort()).toEqual(["web.1", "worker.1"]);
  await upTo(wishes);
  expect([...(await slots()).keys()].sort()).toEqual(["clock.1", "web.1", "worker.1"]);
});

test("refresh and destroy leave nothing", async () => {
  await provider.refresh();
  expect(provider.outputs).toMatchObject({ running: { web: 1, worker: 1, clock: 1 } });
  await provider.destroy();
  expect([...(await slots()).keys()]).toEqual([]);
});
