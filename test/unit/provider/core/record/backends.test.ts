import { observations } from "../../../../../provider/core/record/outputs-of";
import type { ObservedHost, ObservedInstance } from "../../../../../provider/core/model/observed";
import { hostPortsFor, pairOf, seatsOf } from "../../../../../provider/core/model/host-ports";
import { parseSpec } from "../../../../../provider/core/guards/declaration";
import type { Spec } from "../../../../../provider/core/inputs/spec";

function specOf(processes: Record<string, object>, more: object = {}, app = "store"): Spec {
  const all = Object.entries(processes).map(([name, own]) => [name, { command: "run", port: 8080, ...own }]);
  const parsed = parseSpec({ image: "shop:1", processes: Object.fromEntries(all) as object, ...more }, app);
  if (parsed.kind !== "spec") throw new Error(JSON.stringify(parsed));
  return parsed.spec;
}

function process(type: string, index: number, port: number, host = "local"): ObservedInstance {
  return {
    host,
    container: `${type}${index}`,
    name: `store.${type}.${index}`,
    app: "store",
    owner: "shop/dev",
    type,
    index,
    singleton: false,
    image: "shop:1",
    imageId: "id1",
    stopTimeout: 30,
    state: "running",
    createdAt: 1,
    configuration: "",
    published: { address: "127.0.0.1", port },
  };
}

function hostOf(name: string, instances: ObservedInstance[] = [], address = "unix:///a"): ObservedHost {
  return { name, address, engine: name, strangers: [], instances };
}

/** Ports that belong to a type's slots. */
function portsOf(spec: Spec, type: string, slots: number): number[] {
  const seats = seatsOf(spec.app, spec.types, type);
  return Array.from({ length: slots }, (_, at) => seats.of(at + 1)).flat();
}

const backendsOf = (spec: Spec, formation: Record<string, number>, ...hosts: ObservedHost[]) =>
  observations(hosts, formation, spec).backends;
const local = (ports: readonly number[]) => ports.map((port) => `127.0.0.1:${port}`);

// These two types would share their ports if only the hashes of their names counted.
const two = { web: { max: 60 }, grpc: { max: 60 } };

test("no two slots of an app share a port, past the first fifty as well", () => {
  const names = ["web", "grpc", "api", "admin", "ws", "assets", "events", "internal", "cms", "auth"];
  const spec = specOf(Object.fromEntries(names.map((name) => [name, { max: 400 }])));
  const all = names.flatMap((name) => portsOf(spec, name, 400));
  expect(new Set(all).size).toBe(2 * 400 * names.length);
  expect([Math.min(...all) >= 20_000, Math.max(...all) < 30_000]).toEqual([true, true]);
});

test("a type that has its ports to itself has those of earlier versions", () => {
  expect(portsOf(specOf({ web: {} }), "web", 1)).toEqual([29_100, 29_101]);
});

test("backends lists both ports of each slot that there may be, on each host that may have it", () => {
  const spec = specOf(
    { ...two, db: { max: 1, placement: { labels: { disk: "ssd" } }, bind: "0.0.0.0:5432" } },
    {
      hosts: [
        { host: "unix:///a", name: "a" },
        { host: "ssh://b.example.com", name: "b", labels: { disk: "ssd" } },
      ],
    },
  );
  const [web, grpc] = [portsOf(spec, "web", 60), portsOf(spec, "grpc", 60)];
  const a = hostOf("a", [process("web", 1, web[1]!, "a")]);
  const told = backendsOf(
    spec,
    { web: 1, grpc: 0, db: 0 },
    a,
    hostOf("b", [], "ssh://b.example.com"),
    hostOf("former"),
  );
  expect(told).toEqual({ web: local(web), grpc: local(grpc).sort(), db: ["b.example.com:5432"] });
});

test("by host, it tells which host an address leads to that several have", () => {
  const hosts = ["a", "b"].map((name) => ({ host: `unix:///${name}`, name }));
  const spec = specOf({ web: {}, worker: {}, clock: { singleton: true } }, { hosts });
  const [first, second] = [hostOf("a", [process("web", 1, 25_000, "a")]), hostOf("b")];
  const { backends, backendsByHost } = observations([first, second], { web: 1, worker: 0, clock: 0 }, spec);
  const [web, clock] = [local(portsOf(spec, "web", 1)), local(portsOf(spec, "clock", 1))];
  expect(backendsByHost).toEqual({
    web: { a: [...web, ...local([25_000, 25_001])].sort(), b: web },
    clock: { a: clock.sort(), b: clock.sort() },
  });
  expect(backends["web"]).toEqual(backendsByHost["web"]?.["a"]);
});

test("without a max it lists the slots that there are", () => {
  const spec = specOf({ web: {} });
  expect(backendsOf(spec, { web: 2 }, hostOf("local"))).toEqual({ web: local(portsOf(spec, "web", 2)) });
  expect(backendsOf(spec, { web: 0 }, hostOf("local"))).toEqual({});
  expect(backendsOf(specOf({ web: { singleton: true } }), { web: 0 }, hostOf("local"))["web"]).toHaveLength(2);
});

test("a slot that is elsewhere has both ports of that pair, and none at which another slot is", () => {
  const spec = specOf({ web: {}, grpc: {} });
  const [[first, second], grpc] = [portsOf(spec, "web", 1) as [number, number], portsOf(spec, "grpc", 1)];
  const away = backendsOf(spec, { web: 1, grpc: 0 }, hostOf("local", [process("web", 1, 25_001)]));
  expect(away["web"]).toEqual(local([first, second, 25_000, 25_001].sort()));
  // Earlier versions may have left both ports of one pair to slots of different types.
  const mixed = hostOf("local", [process("web", 1, first), process("grpc", 1, second)]);
  expect(backendsOf(spec, { web: 1, grpc: 1 }, mixed)).toEqual({
    web: local([first]),
    grpc: local([...grpc, second]).sort(),
  });
});

test("a successor takes the other port of the pair that its predecessor is in, then its own, then what nobody has", () => {
  const spec = specOf(two);
  const seats = seatsOf(spec.app, spec.types, "web");
  const own = seats.of(1);
  const reserved = new Set([...portsOf(spec, "web", 60), ...portsOf(spec, "grpc", 60)]);
  expect(hostPortsFor(seats, 1, undefined, new Set()).slice(0, 2)).toEqual(own);
  expect(hostPortsFor(seats, 1, own[1], new Set([own[1]!]))[0]).toBe(own[0]);
  expect(hostPortsFor(seats, 1, 25_001, new Set([25_001])).slice(0, 3)).toEqual([25_000, ...own]);
  const spare = hostPortsFor(seats, 1, undefined, new Set(own));
  expect(spare).toHaveLength(8);
  expect(spare.filter((port) => reserved.has(port))).toEqual([]);
  // The other port of a spare pair belongs to the slot that has the first.
  expect(hostPortsFor(seats, 1, undefined, new Set([...own, spare[0]!]))).not.toContain(spare[1]);
  expect(pairOf(8080)).toEqual([8080]);
});
