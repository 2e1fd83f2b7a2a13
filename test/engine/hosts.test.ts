import { EngineMessages } from "../support/engine-messages";
import { uniqueName } from "../support/engine";
import { containersByHost, countsByHost, hostsOf, removeEverywhere, slotsByHost } from "../support/hosts";
import { HookError, Provider, type Properties } from "../support/provider";
import { startRig, type Rig } from "../support/rig";

// A formation on three hosts: one on this machine, one over TLS, one over ssh.

let rig: Rig;
let messages: EngineMessages;
let app: string;
let provider: Provider;

beforeAll(async () => {
  [rig, messages] = await Promise.all([startRig({ engines: 3, tls: [1], ssh: [2] }), EngineMessages.listen()]);
});
beforeEach(() => {
  app = uniqueName("hosts");
  provider = new Provider(app, { engine: messages.address });
  messages.take();
});
afterEach(async () => {
  await provider.kill();
  await removeEverywhere(rig, app);
});
afterAll(async () => {
  messages.close();
  await rig.stop();
});

function declare(names: string, scale: Properties, more: Properties = {}): Properties {
  return {
    image: rig.image,
    pull: "never",
    update: { monitor: 0 },
    hosts: hostsOf(rig, names),
    procfile: "web: sleep 1000\nworker: sleep 1000\nclock: sleep 1000",
    scale: { web: 0, ...scale },
    ...more,
  };
}

const idsOn = async (name: string) => ((await containersByHost(rig, app))[name] ?? []).map(({ Id }) => Id).sort();

const failure = async (work: Promise<void>): Promise<string> =>
  work.then(
    () => "it did not fail",
    (error: unknown) => (error instanceof HookError ? error.message : String(error)),
  );

test("processes spread evenly, stay where they are when a host is added, and leave a host that is taken off", async () => {
  await provider.up(declare("ab", { web: 8, clock: 1 }));
  expect(await countsByHost(rig, app)).toEqual([5, 4, 0]);
  const before = [await idsOn("a"), await idsOn("b")];

  await provider.up(declare("abc", { web: 8, clock: 1 }));
  expect([await idsOn("a"), await idsOn("b"), await idsOn("c")]).toEqual([...before, []]);

  await provider.up(declare("abc", { web: 9, worker: 2, clock: 1 }));
  const instances = provider.outputs["instances"] as { name: string; host: string; container: string }[];
  for (const name of ["a", "b", "c"]) {
    const listed = instances.filter(({ host }) => host === name).map(({ container }) => container);
    expect(listed.sort()).toEqual(await idsOn(name));
  }
  expect((await slotsByHost(rig, app))["c"]).toEqual(["web.9", "worker.1"]);

  const without = declare("bc", { web: 9, worker: 2, clock: 1 });
  messages.take();
  expect(await provider.preview(without)).toBe(true);
  const text = messages.take();
  expect(text).toMatch(/clock\.1 +create on [bc] +from a/);
  expect(text).toMatch(/web\.1 +remove on a +a left the hosts/);
  await provider.up(without);
  expect(await countsByHost(rig, app)).toEqual([0, 6, 6]);
  expect(provider.outputs["running"]).toEqual({ web: 9, worker: 2, clock: 1 });
  expect(await provider.preview(without)).toBe(false);
});

test("from 0 to 30: ten on each", async () => {
  await provider.up(declare("abc", { web: 0 }));
  await provider.up(declare("abc", { web: 30 }));
  expect(await countsByHost(rig, app)).toEqual([10, 10, 10]);
  const wanted = declare("abc", { web: 3 });
  await provider.up(wanted);
  expect(await countsByHost(rig, app)).toEqual([1, 1, 1]);
  expect(await provider.preview(wanted)).toBe(false);
});

test("labels and the most processes of a host decide where a type goes, and what does not fit is refused", async () => {
  const hosts = hostsOf(rig, "abc", { a: { maxProcesses: 1 }, b: { labels: { disk: "ssd" } } });
  const placed = { hosts, processes: { worker: { placement: { labels: { disk: "ssd" } } } } };
  await provider.up(declare("abc", { web: 5, worker: 2 }, placed));
  const slots = await slotsByHost(rig, app);
  expect(Object.values(slots).map((all) => all.filter((slot) => slot.startsWith("worker")).length)).toEqual([0, 2, 0]);
  expect(slots["a"]).toHaveLength(1);

  const cramped = { ...placed, hosts: hosts.map((host) => ({ ...host, maxProcesses: 3 })) };
  messages.take();
  const refused = await failure(provider.up(declare("abc", { web: 9, worker: 2 }, cramped)));
  expect(refused).toMatch(/finds? no place: a has 3 of at most 3 processes; b has \d of at most 3/);
  const greedy = { processes: { web: { reservation: { memory: "4096Gi" } } } };
  const tooLarge = await failure(provider.up(declare("abc", { web: 6, worker: 2 }, { hosts, ...greedy })));
  expect(tooLarge).toMatch(/web\.6 finds? no place: .*b has 0 B of \S+ GiB memory unreserved, 4 TiB are needed/);
  expect(await slotsByHost(rig, app)).toEqual(slots);
});

test("rebalancing happens when it is asked for, and once", async () => {
  await provider.up(declare("a", { web: 3 }));
  await provider.up(declare("abc", { web: 3 }));
  expect(await countsByHost(rig, app)).toEqual([3, 0, 0]);
  const asked = declare("abc", { web: 3 }, { rebalance: "now" });
  await provider.up(asked);
  expect(await countsByHost(rig, app)).toEqual([1, 1, 1]);
  expect(await provider.preview(asked)).toBe(false);
  await provider.up(declare("ab", { web: 3 }, { rebalance: "now" }));
  await provider.up(declare("abc", { web: 3 }, { rebalance: "now" }));
  expect(await countsByHost(rig, app)).toEqual([2, 1, 0]);
});

test("an image that one host lacks and cannot get is found out before anything is changed (F05)", async () => {
  await provider.up(declare("abc", { web: 3 }));
  const before = await containersByHost(rig, app).then(JSON.stringify);
  const tag = `${uniqueName("formation-test")}:1`;
  const [repo = "", name = ""] = tag.split(":");
  for (const { docker } of rig.engines.slice(0, 2)) await docker.getImage(rig.image).tag({ repo, tag: name });
  for (const pull of ["never", "missing"]) {
    const words = await failure(provider.up(declare("abc", { web: 3 }, { image: tag, pull })));
    expect(words).toContain(`image ${tag} is not on c`);
  }
  const now = await containersByHost(rig, app);
  const withoutTime = (text: string) => text.replace(/"Status":"[^"]*"/g, "");
  expect(withoutTime(JSON.stringify(now))).toBe(withoutTime(before));
});
