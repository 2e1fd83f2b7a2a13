import { explain } from "../../../../provider/core/values/errors";
import type { Properties } from "../../../../provider/core/record/properties";
import type { FakeEngine } from "../../../support/fake/engine";
import { Town } from "../../../support/fake/town";

// A preview refuses the same things whether or not the formation has been deployed before.

const program = (more: Properties = {}): Properties => ({
  app: "shop",
  image: "shop:1",
  update: { monitor: 0 },
  processes: { web: { command: "run" } },
  hosts: ["a", "b"].map((name) => ({ name, host: `unix:///${name}` })),
  ...more,
});

const fixed = (address: string, more: object = {}) => ({
  processes: { web: { command: "run", port: 80, bind: `${address}:8443`, ...more } },
});

function stranger(engine: FakeEngine, name: string, port?: string, protocol = "tcp", HostIp = "10.0.0.5"): void {
  const PortBindings = port === undefined ? {} : { [`53/${protocol}`]: [{ HostIp, HostPort: port }] };
  engine.start(engine.create({ name, Image: "shop:1", HostConfig: { PortBindings } }).id);
}

function inTown(): { readonly town: Town; readonly a: FakeEngine; readonly b: FakeEngine } {
  const town = new Town(["a", "b"]);
  const [a, b] = [town.engines.get("a")!, town.engines.get("b")!];
  for (const engine of [a, b]) engine.images.set("shop:1", "id1");
  return { town, a, b };
}

const PLAN = "formation  web=1 (default)\nweb.1      create on a  scale up";

type Ground = ReturnType<typeof inTown>;

/** Makes a first preview of a program, and a later one of a formation that has no process yet. */
async function previews(ground: Ground, more: Properties, who = {}): Promise<[first: string, later: string]> {
  const first = await ground.town.first(program(more), who);
  const empty = inTown();
  const ending = await empty.town.up({}, empty.town.checked({}, program({ scale: { web: 0 } })));
  if (ending.kind !== "done") throw new Error(JSON.stringify(ending));
  // The ground's engines are combined with the state of an app that has no process.
  const claims = empty.a.claims;
  for (const engine of [ground.a, ground.b]) engine.claims = claims;
  const inputs = ground.town.checked(ending.state, program({ scale: { web: 1 }, ...more }));
  const later = await ground.town
    .preview(ending.state, inputs, who)
    .catch((error: unknown) => `refused: ${explain(error)}`);
  return [first, String(later)];
}

test.each<[string, Properties, (ground: Ground) => void, string]>([
  [
    "a name that a stranger has",
    {},
    ({ a }) => stranger(a, "shop.web.1"),
    "a container that is not ours has the name shop.web.1 on a",
  ],
  [
    "a port that a stranger has",
    fixed("0.0.0.0"),
    ({ a, b }) => [a, b].forEach((engine) => stranger(engine, "proxy", "8443")),
    "port 8443 for web.1 is in use by proxy on a",
  ],
  [
    "more CPUs than a host has",
    { processes: { web: { command: "run", size: { cpus: 99 } } } },
    () => undefined,
    "web.1 finds no place: a has 64 CPUs, size.cpus allows 99; b has 64 CPUs, size.cpus allows 99",
  ],
  [
    "a reservation that no host has",
    { processes: { web: { command: "run", reservation: { memory: "1Ti" } } } },
    () => undefined,
    "web.1 finds no place: a has 64 GiB of 64 GiB memory unreserved, 1 TiB are needed",
  ],
  ["a network that is not there", { network: "shop-net" }, () => undefined, "network shop-net is not on a"],
  [
    "networks of which some are not there",
    { networks: ["a", "b", "c"], scale: { web: 2 } },
    ({ a, b }) => ["a", "b"].forEach((name) => (a.networks.add(name), name === "a" && b.networks.add(name))),
    "network c is not on a, b; network b is not on b: create them there, or correct networks",
  ],
  [
    "a network of one type that is not there",
    { network: "host", processes: { web: { command: "run", networks: ["own"] } } },
    () => undefined,
    "network own is not on a: create it there, or correct network",
  ],
  [
    "an image that is not there, and is not pulled",
    { image: "shop:2", pull: "never" },
    () => undefined,
    'image shop:2 is not on a, and pull is "never"',
  ],
])("%s is refused in any preview", async (_, more, prepare, why) => {
  const ground = inTown();
  prepare(ground);
  const [first, later] = await previews(ground, more);
  expect(first).toContain(`refused: ${why}`);
  expect(later).toContain(`refused: ${why}`);
});

test.each<[string, Properties, (ground: Ground) => void]>([
  ["a stranger's port over UDP", fixed("10.0.0.5"), ({ a }) => stranger(a, "dns", "8443", "udp")],
  ["a stranger's port on another address", fixed("127.0.0.1"), ({ a }) => stranger(a, "proxy", "8443")],
  ["a stranger's name on another host", {}, ({ b }) => stranger(b, "shop.web.1")],
  ["a network that is there", { network: "shop-net" }, ({ a }) => void a.networks.add("shop-net")],
  ["the engine's own network", { network: "host" }, () => undefined],
  [
    "the app's network, which no type joins",
    { network: "a", processes: { web: { command: "run", networks: [] } } },
    () => undefined,
  ],
])("%s is in nobody's way", async (_, more, prepare) => {
  const ground = inTown();
  prepare(ground);
  for (const said of await previews(ground, more)) expect(said).toContain("create on a");
});

test("what another resource may still make is noted, and refused at up before anything is touched", async () => {
  const { town, a } = inTown();
  const more = { network: "shop-net" };
  expect(await town.first(program(more), { awaits: true })).toBe(
    `${PLAN}\nnote: network shop-net is not on a: up refuses unless it is made by then`,
  );
  expect(await town.up({}, town.checked({}, program(more)))).toEqual({
    kind: "refused",
    why: "network shop-net is not on a: create it there, or correct network",
  });
  expect(a.boxes()).toEqual([]);
});

test("a host that cannot be reached yet is named, and planned for as if it were empty", async () => {
  const { town, a } = inTown();
  a.isReachable = false;
  expect(await town.first(program())).toMatch(
    /^cannot reach a.*; it is planned for as if nothing ran there\nformation {2}web=1 \(default\)\nweb.1 {6}create on a {2}scale up$/,
  );
});

test("an image is not missed on a host that cannot be asked", async () => {
  const { town, a } = inTown();
  a.isReachable = false;
  expect(await town.first(program({ image: "shop:2", pull: "never" }))).toContain("create on a");
});

test("an app that another resource has is refused", async () => {
  const { town } = inTown();
  await town.up({}, town.checked({}, program()));
  expect(await town.first(program(), { urn: "urn:pulumi:dev::shop::Formation::other" })).toMatch(
    /^refused: app shop on a belongs to formation .* give it aliases/,
  );
});

test("of a resource that is to be replaced, or whose first up died, the plan is that of a new one", async () => {
  const { town } = inTown();
  await town.up({}, town.checked({}, program()));
  expect(await town.first(program())).toBe(PLAN);
  const other = inTown().town;
  const killed = { fate: ({ what }: { what: string }) => (what === "start" ? "killed" : "answered") } as const;
  expect(await other.up({}, other.checked({}, program()), killed)).toEqual({ kind: "killed" });
  expect(await other.first(program())).toBe(PLAN);
});
