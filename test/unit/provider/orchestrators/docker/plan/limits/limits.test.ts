import type { Formation } from "../../../../../../../provider/core/values/formation";
import type { ObservedHost, ObservedInstance } from "../../../../../../../provider/core/model/observed";
import { plan } from "../../../../../../../provider/orchestrators/docker/plan/plan";
import { slotOf, type Change } from "../../../../../../../provider/core/model/change";
import { parseSpec } from "../../../../../../../provider/core/guards/declaration";
import type { Spec } from "../../../../../../../provider/core/inputs/spec";

const identity = { owner: "shop/dev", key: "key" };
const GIBIBYTE = 2 ** 30;

function specOf(processes: object, more: object = {}): Spec {
  const all = Object.entries(processes).map(([name, own]) => [name, { command: "run", ...(own as object) }]);
  const parsed = parseSpec({ image: "shop:1", processes: Object.fromEntries(all), ...more }, "shop");
  if (parsed.kind !== "spec") throw new Error(JSON.stringify(parsed));
  return parsed.spec;
}

interface Room {
  readonly instances?: readonly ObservedInstance[];
  readonly isAbandoned?: boolean;
}

/** Plans on hosts of 4 GiB each. */
function planned(spec: Spec, formation: Formation, hosts: Readonly<Record<string, Room>>, more: object = {}) {
  const rooms = Object.entries(hosts).map(([name, { isAbandoned }]) => ({
    name,
    labels: {},
    maxProcesses: Infinity,
    abandoned: isAbandoned ?? false,
  }));
  const capacity = { cpus: 4e9, memory: 4 * GIBIBYTE };
  const observed = Object.entries(hosts).map(([name, { instances = [] }]): ObservedHost => {
    return {
      name,
      address: name,
      engine: name,
      strangers: [],
      instances,
      images: { "shop:1": { id: "id" } },
      capacity,
    };
  });
  return plan({ spec, formation, rooms, identity, ...more }, observed);
}

/** Instances that an `up` of a formation leaves. */
function running(spec: Spec, formation: Formation, host = "a"): ObservedInstance[] {
  return planned(spec, formation, { [host]: {} }).changes.flatMap(({ type, index, singleton, steps }) =>
    steps.flatMap((step): ObservedInstance[] => {
      if (step.op !== "run") return [];
      const { name, app, owner, configuration, settings } = step.want;
      return [
        {
          host,
          type,
          index,
          singleton,
          name,
          app,
          owner,
          image: "shop:1",
          configuration,
          stopTimeout: settings.stopTimeout,
          container: `${name} on ${host}`,
          imageId: "id",
          createdAt: index,
          state: "running",
        },
      ];
    }),
  );
}

/** Texts of changes, each with the changes that it waits for. */
function waits(changes: readonly Change[]): string[] {
  const text = (change: Change) => `${change.verb} ${slotOf(change)} on ${change.host}`;
  return changes.map((change) =>
    change.needs.length === 0 ? text(change) : `${text(change)} after ${change.needs.map(text).join(", ")}`,
  );
}

const pools = { web: { connections: { db: 10 } }, worker: { connections: { db: 5 } } };
const db = (maxConnections: number) => ({ backingServices: { db: { maxConnections } } });
const reserved = (memory: string, more: object = {}) => ({ web: { reservation: { memory }, ...more } });

test.each<[string, Spec, Formation, string[]]>([
  [
    "what grows waits for what shrinks, where both would be too much for a service",
    specOf(pools, db(35)),
    { web: 2, worker: 0 },
    [
      "create web.2 on a after remove worker.1 on a",
      "remove worker.1 on a",
      "remove worker.2 on a",
      "remove worker.3 on a",
      "remove worker.4 on a",
    ],
  ],
  [
    "what fits does not wait",
    specOf(pools, db(50)),
    { web: 2, worker: 0 },
    [
      "create web.2 on a",
      "remove worker.1 on a",
      "remove worker.2 on a",
      "remove worker.3 on a",
      "remove worker.4 on a",
    ],
  ],
  [
    "a service that may be overloaded holds nothing back",
    specOf(pools, { backingServices: { db: { maxConnections: 20, policy: "warn" } } }),
    { web: 2, worker: 3 },
    ["create web.2 on a", "remove worker.4 on a"],
  ],
])("%s", (_, spec, formation, expected) => {
  const instances = running(spec, { web: 1, worker: 4 });
  expect(waits(planned(spec, formation, { a: { instances } }).changes)).toEqual(expected);
});

test("a type that is renamed gives up its connections before the new name takes them", () => {
  const old = specOf({ worker: { connections: { db: 5 } } }, db(20));
  const spec = specOf({ jobs: { connections: { db: 5 }, update: { order: "stop-first" } } }, db(10));
  const former = new Map(old.types.map((type) => [type.name, type]));
  const { changes } = planned(spec, { jobs: 2 }, { a: { instances: running(old, { worker: 2 }) } }, { former });
  expect(waits(changes)).toEqual([
    "create jobs.1 on a after remove worker.1 on a",
    "create jobs.2 on a after remove worker.2 on a",
    "remove worker.1 on a",
    "remove worker.2 on a",
  ]);
});

test("where a process and its successor do not fit side by side, the process is stopped first", () => {
  const instances = running(specOf(reserved("2Gi")), { web: 2 });
  const { changes, blocked } = planned(specOf(reserved("2Gi"), { image: "shop:2" }), { web: 2 }, { a: { instances } });
  expect(blocked).toEqual([]);
  const cause = "image shop:1 → shop:2, stopped up to 30 s: a has no memory for two";
  expect(changes.map((change) => change.cause)).toEqual([cause, cause]);
  expect(changes[0]?.steps.map(({ op }) => op)).toEqual(["park", "rename", "run", "ready"]);
  expect(changes[0]?.undo.map(({ op }) => op)).toEqual(["discard", "rename", "start"]);
});

test("a reservation that is raised past what the host has is refused with the arithmetic", () => {
  const instances = running(specOf(reserved("1Gi")), { web: 3 });
  expect(planned(specOf(reserved("2Gi")), { web: 3 }, { a: { instances } }).shortages).toEqual([
    "a has 4 GiB memory, but its processes reserve 6 GiB together: scale a type down, lower a reservation, or add a host and change rebalance",
  ]);
  const spread = planned(specOf(reserved("2Gi")), { web: 3 }, { a: { instances }, b: {} }, { rebalance: true });
  expect(spread.shortages).toEqual([]);
});

test("what is stopped first is moved a few at a time", () => {
  const spec = specOf({ mailer: { update: { order: "stop-first", parallelism: 1 } } });
  const instances = running(spec, { mailer: 4 });
  const { changes } = planned(spec, { mailer: 4 }, { a: { instances }, b: {} }, { rebalance: true });
  expect(waits(changes)).toEqual([
    "create mailer.3 on b after remove mailer.3 on a",
    "remove mailer.3 on a after create mailer.4 on b",
    "create mailer.4 on b after remove mailer.4 on a",
    "remove mailer.4 on a",
  ]);
});

test("an old copy of a singleton goes before anything else when its host is back", () => {
  const spec = specOf({ web: {}, clock: {} }, { releasePhase: { command: "migrate" } });
  const [old] = running(spec, { web: 0, clock: 1 }, "b");
  const instances = running(spec, { web: 1, clock: 1 });
  const next = specOf({ web: {}, clock: {} }, { image: "shop:2", releasePhase: { command: "migrate" } });
  const hosts = { a: { instances }, b: { instances: [old!], isAbandoned: true } };
  const [first, ...others] = planned(next, { web: 2, clock: 1 }, hosts).changes;
  expect(waits([first!])).toEqual(["remove clock.1 on b"]);
  expect(others.map(({ verb }) => verb)).toEqual(["run", "replace", "create", "replace"]);
  const isAfter = (change: Change): boolean => change.needs.some((need) => need === first || isAfter(need));
  expect(others.filter((change) => !isAfter(change))).toEqual([]);
});
