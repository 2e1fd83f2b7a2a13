import { formatPlan } from "../../../../../../provider/core/plan/text";
import { parseSpec } from "../../../../../../provider/core/guards/declaration";
import { plan } from "../../../../../../provider/orchestrators/docker/plan/plan";
import type { Room } from "../../../../../../provider/orchestrators/docker/plan/placement";
import type { ObservedInstance } from "../../../../../../provider/core/model/observed";
import { configurationOf, formatConfiguration } from "../../../../../../provider/core/model/configuration";
import type { Spec } from "../../../../../../provider/core/inputs/spec";
import { hostOf, instanceOf } from "../../../../../support/build";

// A type that writes to a volume of one host alone stays with it, and is stopped before its successor starts.

const identity = { owner: "shop/dev", key: "key" };
const data = { type: "volume", source: "data", target: "/data" };

function specOf(own: object, more: object = {}): Spec {
  const processes = { db: { command: "run", mounts: [data], ...own }, ...more };
  const parsed = parseSpec({ image: "shop:1", processes }, "shop");
  if (parsed.kind !== "spec") throw new Error(JSON.stringify(parsed));
  return parsed.spec;
}

function seen(spec: Spec, host: string, index = 1, more: Partial<ObservedInstance> = {}): ObservedInstance {
  const [type] = spec.types;
  const configuration = formatConfiguration(configurationOf(spec, type!, index, identity.key));
  return instanceOf(`db.${index}`, { host, owner: identity.owner, imageId: "id1", configuration, ...more });
}

interface World {
  readonly own?: object;
  readonly more?: object;
  readonly quantity?: number;
  readonly rooms?: readonly Partial<Room>[];
  /** Volumes by host, and the processes there. */
  readonly hosts: Readonly<Record<string, { volumes?: readonly string[]; runs?: number[]; unreachable?: string }>>;
  readonly before?: object;
  readonly rebalance?: boolean;
}

function told({ own = {}, more, quantity = 1, rooms, hosts, before = own, rebalance = false }: World): string[] {
  const spec = specOf(own, more);
  const former = specOf(before);
  const all = Object.keys(hosts).map((name) => ({ name }));
  const places = (rooms ?? all).map((room): Room => ({
    name: "",
    labels: {},
    maxProcesses: Infinity,
    abandoned: false,
    ...room,
  }));
  const observed = Object.entries(hosts).map(([name, { volumes = [], runs = [], unreachable }]) =>
    hostOf(name, {
      images: { "shop:1": { id: "id1" } },
      instances: runs.map((index) =>
        seen(former, name, index, unreachable === undefined ? {} : { state: "unknown" as const }),
      ),
      ...(unreachable === undefined ? { volumes } : { unreachable }),
    }),
  );
  const formation = Object.fromEntries(spec.types.map(({ name }) => [name, name === "db" ? quantity : 1]));
  const made = plan({ spec, formation, rooms: places, identity, rebalance }, observed);
  const text = formatPlan({ before: undefined, after: formation, sources: {}, order: ["db"] }, made)
    .split("\n")
    .slice(1);
  return [...text, ...made.shortages];
}

const ssd = { placement: { labels: { disk: "ssd" } } };
const OUT = "or scale db to 0, bring the data to a volume of the same name on another host, and scale up again";
const nfs = { mounts: [{ ...data, driverOptions: { type: "nfs", o: "addr=10.0.0.5", device: ":/shop" } }] };

test.each<[string, World, string[]]>([
  [
    "the first processes are all on one host",
    { quantity: 2, hosts: { a: {}, b: {} } },
    ["db.1       create on a  scale up, makes volume data", "db.2       create on a  scale up, makes volume data"],
  ],
  [
    "a new one goes where the others are",
    { quantity: 2, hosts: { a: {}, b: { volumes: ["data"], runs: [1] } } },
    ["db.2       create on b  scale up, its volume data is there"],
  ],
  [
    "after scale to 0 they are back with their data",
    { hosts: { a: {}, b: { volumes: ["data"] } } },
    ["db.1       create on b  scale up, its volume data is there"],
  ],
  [
    "rebalance moves none",
    { quantity: 2, rebalance: true, hosts: { a: { volumes: ["data"], runs: [1, 2] }, b: {} } },
    [],
  ],
  [
    "a release names the writer",
    { own: { workingDir: "/" }, before: {}, hosts: { a: { volumes: ["data"], runs: [1] } } },
    ["db.1       replace on a  workingDir changed, stopped up to 30 s: it writes to volume data"],
  ],
  [
    "a volume that is added",
    { before: { mounts: [] }, hosts: { a: { runs: [1] }, b: {} } },
    ["db.1       replace on a  mounts changed, makes volume data, stopped up to 30 s: it writes to volume data"],
  ],
  [
    "a volume that is added gathers the processes",
    { before: { mounts: [] }, quantity: 3, hosts: { a: { runs: [1] }, b: { runs: [2, 3] } } },
    [
      "db.1       create on b   from a, makes volume data",
      "db.1       remove on a   moved to another host",
      "db.2       replace on b  mounts changed, makes volume data, stopped up to 30 s: it writes to volume data",
      "db.3       replace on b  mounts changed, makes volume data, stopped up to 30 s: it writes to volume data",
    ],
  ],
  [
    "its host has left the hosts",
    { rooms: [{ name: "b" }], hosts: { b: {}, a: { volumes: ["data"], runs: [1] } } },
    [`db stays on a, where its volume data is, but a left the hosts: take that back; ${OUT}`],
  ],
  [
    "its host has lost the label",
    {
      own: ssd,
      rooms: [{ name: "a" }, { name: "b", labels: { disk: "ssd" } }],
      hosts: { a: { volumes: ["data"], runs: [1] }, b: {} },
    },
    [`db stays on a, where its volume data is, but a has no label disk=ssd: take that back; ${OUT}`],
  ],
  [
    "its data were taken along while it was at 0",
    {
      own: ssd,
      rooms: [{ name: "a" }, { name: "b", labels: { disk: "ssd" } }],
      hosts: { a: { volumes: ["data"] }, b: { volumes: ["data"] } },
    },
    ["db.1       create on b  scale up, its volume data is there"],
  ],
  [
    "data on two hosts",
    { hosts: { a: { volumes: ["data"] }, b: { volumes: ["data"] } } },
    [
      "volume data of db is on a and b: give placement.labels that only the one to keep has, and scale down to 0 what runs elsewhere",
    ],
  ],
  [
    "scaled to 0, it may leave",
    { quantity: 0, rooms: [{ name: "b" }], hosts: { b: {}, a: { volumes: ["data"], runs: [1] } } },
    ["db.1       remove on a  a left the hosts"],
  ],
  [
    "its host is abandoned",
    { rooms: [{ name: "a", abandoned: true }, { name: "b" }], hosts: { a: { runs: [1], unreachable: "off" }, b: {} } },
    ["db.1       create on b  scale up, makes volume data"],
  ],
  [
    "its host cannot be reached",
    { quantity: 2, hosts: { a: { runs: [1], unreachable: "cut" }, b: {} } },
    ["left undone: db.2: no place: a cannot be reached"],
  ],
  [
    "a host that cannot be reached may have the data",
    { hosts: { a: { unreachable: "cut" }, b: {} } },
    ["left undone: db.1: not started while a cannot be reached: its volume may be there"],
  ],
  [
    "its host is full",
    {
      quantity: 2,
      rooms: [{ name: "a", maxProcesses: 1 }, { name: "b" }],
      hosts: { a: { volumes: ["data"], runs: [1] }, b: {} },
    },
    ["db.2 finds no place: a has 1 of at most 1 processes: scale db down, or make room there, where its volume is"],
  ],
  [
    "a type that shares the volume",
    { more: { web: { command: "w", mounts: [data] } }, hosts: { a: {}, b: {} } },
    ["web.1      create on a  scale up, makes volume data", "db.1       create on a  scale up, makes volume data"],
  ],
  [
    "a volume that every host has",
    { own: nfs, quantity: 2, hosts: { a: {}, b: {} } },
    ["db.1       create on a  scale up, makes volume data", "db.2       create on b  scale up, makes volume data"],
  ],
  [
    "a volume that is only read",
    { own: { mounts: [{ ...data, readOnly: true }] }, quantity: 2, hosts: { a: {}, b: { volumes: ["data"] } } },
    ["db.1       create on a  scale up, makes volume data", "db.2       create on b  scale up"],
  ],
  [
    "a path of the host",
    { own: { mounts: [{ type: "bind", source: "/srv", target: "/srv" }] }, quantity: 2, hosts: { a: {}, b: {} } },
    ["db.1       create on a  scale up", "db.2       create on b  scale up"],
  ],
])("%s", (_, world, expected) => {
  expect(told(world)).toEqual(expected);
});

test("a type under a new name writes once the one under its old name is gone", () => {
  const spec = specOf({});
  const renamed = { ...spec, types: [{ ...spec.types[0]!, name: "store" }] };
  const rooms = [{ name: "a", labels: {}, maxProcesses: Infinity, abandoned: false }];
  const host = hostOf("a", { images: { "shop:1": { id: "id1" } }, volumes: ["data"], instances: [seen(spec, "a")] });
  const { changes } = plan({ spec: renamed, formation: { store: 1 }, rooms, identity }, [host]);
  const [create, remove] = [
    changes.find(({ verb }) => verb === "create"),
    changes.find(({ verb }) => verb === "remove"),
  ];
  expect(create?.needs).toEqual([remove]);
});

test.each([
  ["declares start-first", { update: { order: "start-first" } }, "stop-first"],
  ["has a volume that every host has", nfs, "start-first"],
  ["only reads", { mounts: [{ ...data, readOnly: true }] }, "start-first"],
])("the order of a type that %s", (_, own, order) => {
  expect(specOf(own).types[0]?.update.order).toBe(order);
});
