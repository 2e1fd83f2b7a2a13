import { formatPlan } from "../../../../../../provider/core/plan/text";
import type { Formation } from "../../../../../../provider/core/values/formation";
import { LABEL } from "../../../../../../provider/core/model/labels";
import type { Spec } from "../../../../../../provider/core/inputs/spec";
import type { ObservedService, ObservedSwarm } from "../../../../../../provider/orchestrators/swarm/plan/observed";
import { planSwarmRemoval } from "../../../../../../provider/orchestrators/swarm/plan/plan";
import { held, withReplicas } from "../../../../../../provider/orchestrators/swarm/plan/service/service";
import type { SwarmStep } from "../../../../../../provider/orchestrators/swarm/plan/step";
import * as scene from "../../../../../support/swarm-scene";
import { down, node, planned, task } from "../../../../../support/swarm-scene";

const specOf = (more: object = {}): Spec => scene.specOf({ procfile: "web: a\nworker: b\nclock: c\n", ...more });
/** Service of the app as `specOf()` has it. */
const service = (type: string, quantity: number, more: object = {}): ObservedService =>
  scene.service(type, quantity, { procfile: "web: a\nworker: b\nclock: c\n", ...more });

const [web, worker, clock] = [service("web", 2), service("worker", 1), service("clock", 1)];
const tasks = [task(web, 1), task(web, 2), task(worker, 1), task(clock, 1)];
const all = { web: 2, worker: 1, clock: 1 };

const swarm = (more: Partial<ObservedSwarm> = {}): ObservedSwarm =>
  scene.swarm({ services: [web, worker, clock], tasks, ...more });

function textOf(spec: Spec, formation: Formation, seen: ObservedSwarm): string[] {
  const order = spec.types.map((type) => type.name);
  const plan = planned(spec, formation, seen);
  return [
    ...formatPlan({ before: undefined, after: formation, sources: {}, order }, plan).split("\n").slice(1),
    ...plan.shortages,
  ];
}

const drained = { nodes: [{ ...node("n1"), availability: "drain" as const }, node("n2"), node("n3")] };
const byHand = (of: ObservedService, image: string): ObservedService => ({
  ...of,
  spec: {
    ...of.spec,
    TaskTemplate: { ...of.spec.TaskTemplate, ContainerSpec: { ...of.spec.TaskTemplate.ContainerSpec, Image: image } },
  },
});

test.each<[string, Spec, Formation, ObservedSwarm, string[]]>([
  ["nothing to do", specOf(), all, swarm(), []],
  ["the order of what was observed does not matter", specOf(), all, swarm({ tasks: [...tasks].reverse() }), []],
  [
    "a new app",
    specOf(),
    all,
    swarm({ services: [], tasks: [] }),
    [
      "web.1      create on swarm  scale up",
      "web.2      create on swarm  scale up",
      "worker.1   create on swarm  scale up",
      "clock.1    create on n1     scale up",
    ],
  ],
  [
    "scale up fills the lowest free slot",
    specOf(),
    { ...all, web: 3 },
    swarm(),
    ["web.3      create on swarm  scale up"],
  ],
  [
    "scale down gives up what does not run first",
    specOf(),
    { ...all, web: 1 },
    swarm({ tasks: [task(web, 1, { state: "pending" }), ...tasks.slice(1)] }),
    ["web.1      remove on swarm  scale down, the Swarm chooses which"],
  ],
  [
    "a process that is down is waited for",
    specOf(),
    all,
    swarm({ tasks: [task(web, 1, { state: "pending", error: "no suitable node" }), ...tasks.slice(1)] }),
    ["web.1      start on swarm  not running: no suitable node"],
  ],
  [
    "a Swarm that runs two in one slot is told again to run one",
    specOf(),
    all,
    swarm({ tasks: [...tasks, task(web, 2, { id: "other", createdAt: 9 })] }),
    ["web.2      replace on swarm  runs twice"],
  ],
  [
    "of two in one slot, one that is of the former release gives way by itself",
    specOf(),
    all,
    swarm({ tasks: [...tasks, task(service("web", 2, { env: { A: "b" } }), 2, { id: "other", createdAt: 0 })] }),
    [],
  ],
  [
    "a release names what changed; a clock's gap is said, and where it runs",
    specOf({ image: "shop:2" }),
    all,
    swarm(),
    [
      "web.1      replace on swarm  image shop:1 → shop:2",
      "web.2      replace on swarm  image shop:1 → shop:2",
      "worker.1   replace on swarm  image shop:1 → shop:2",
      "clock.1    replace on n1     image shop:1 → shop:2, stopped up to 30 s",
    ],
  ],
  [
    "a service of no process is kept up to date",
    specOf({ env: { A: "b" } }),
    { web: 0, worker: 0, clock: 0 },
    swarm({ services: [service("web", 0)], tasks: [] }),
    ["web        replace on swarm  env changed, none runs"],
  ],
  [
    "what was changed by hand is put right",
    specOf(),
    all,
    swarm({ services: [byHand(web, "shop:0"), worker, clock] }),
    ["web.1      replace on swarm  image changed by hand", "web.2      replace on swarm  image changed by hand"],
  ],
  [
    "replicas changed by hand are put right",
    specOf(),
    all,
    swarm({ services: [{ ...web, spec: withReplicas(web.spec, 3) }, worker, clock], tasks: [...tasks, task(web, 3)] }),
    ["web.3      remove on swarm  scale down, the Swarm chooses which"],
  ],
  [
    "a type that left the Procfile goes, a singleton before its successor comes",
    specOf({ procfile: "web: a\nscheduler: c\n" }),
    { web: 2, scheduler: 1 },
    swarm(),
    [
      "scheduler.1  create on n2  scale up",
      "clock.1      remove on n1  type removed",
      "worker.1     remove on n1  type removed",
    ],
  ],
  [
    "a clock moves from a node that is drained",
    specOf(),
    all,
    swarm({ ...drained, tasks: tasks.slice(0, 3) }),
    ["clock.1    replace on n2  moved from n1, which is drained"],
  ],
  [
    "a clock whose node is out of reach is left as it is",
    specOf({ env: { A: "b" } }),
    { web: 0, worker: 0, clock: 1 },
    swarm({ ...down("n1"), services: [clock], tasks: [task(clock, 1)] }),
    [
      'left undone: clock.1: left as it is: n1 cannot be reached and may still run one: wait until it is back or, if it is off, say abandonedNodes: ["n1"]',
    ],
  ],
  [
    "unless a person says that it is off",
    specOf({ abandonedNodes: ["n1"] }),
    { web: 0, worker: 0, clock: 1 },
    swarm({ ...down("n1"), services: [clock], tasks: [task(clock, 1)] }),
    ["clock.1    replace on n2  moved from n1, which is down, stopped up to 30 s"],
  ],
  [
    "what an interrupted update has held back is let go",
    specOf(),
    all,
    swarm({ services: [web, worker, { ...clock, spec: held(clock.spec) }], tasks: tasks.slice(0, 3) }),
    ["clock.1    replace on n1  left held back by an interrupted update"],
  ],
  [
    "no node for a clock",
    specOf({ processes: { clock: { placement: { labels: { disk: "ssd" } } } } }),
    { web: 0, worker: 0, clock: 1 },
    swarm({ services: [], tasks: [] }),
    [
      "clock.1 finds no place: n1 has no label disk=ssd; n2 has no label disk=ssd; n3 has no label disk=ssd: free a node, or add one",
    ],
  ],
  [
    "a clock that may fail over is not pinned, and what that risks is said",
    specOf({ processes: { clock: { singleton: "failover" } } }),
    { web: 0, worker: 0, clock: 1 },
    swarm({ services: [], tasks: [] }),
    [
      "clock.1    create on swarm  scale up",
      'note: clock may run twice for as long as its node is cut off, frozen, or without its engine (singleton: "failover")',
    ],
  ],
])("%s", (_, spec, formation, seen, expected) => {
  expect(textOf(spec, formation, seen)).toEqual(expected);
});

const ops = (steps: readonly SwarmStep[]) => steps.map((step) => step.op);
const holds = (step: SwarmStep | undefined) =>
  step?.op === "put" && step.want.TaskTemplate.Placement.Constraints.includes("node.labels.formation.hold==never");

test("every change of a clock holds, waits and releases", () => {
  const release = planned(
    specOf({ env: { A: "b" } }),
    { ...all, web: 0, worker: 0 },
    swarm({ services: [clock], tasks: [task(clock, 1)] }),
  );
  const [change] = release.changes;
  expect(ops(change!.steps)).toEqual(["put", "emptied", "put", "settled"]);
  expect(change!.steps.map(holds)).toEqual([true, false, false, false]);
  expect(ops(change!.undo)).toEqual(["emptied", "put", "emptied", "put", "settled"]);
  for (const steps of [
    planned(specOf(), { ...all, clock: 0 }, swarm()).changes.find(({ type }) => type === "clock")!.steps,
    planSwarmRemoval(swarm(), []).changes.find(({ type }) => type === "clock")!.steps,
  ]) {
    expect(ops(steps)).toEqual(["put", "emptied", "delete"]);
    expect(holds(steps[0])).toBe(true);
  }
});

test("a new clock waits for what an earlier one may have left", () => {
  const [change] = planned(specOf(), { web: 0, worker: 0, clock: 1 }, swarm({ services: [], tasks: [] })).changes;
  expect(ops(change!.steps)).toEqual(["emptied", "put", "settled"]);
});

test("a singleton under a new name comes only after the one under its old name is gone", () => {
  const { changes } = planned(specOf({ procfile: "scheduler: c\n" }), { scheduler: 1 }, swarm());
  const create = changes.find(({ verb }) => verb === "create")!;
  expect(new Set(create.needs.map(({ type }) => type))).toEqual(new Set(["web", "worker", "clock"]));
  for (const need of create.needs) expect(changes).toContain(need);
});

test("a change of the count changes the replicas only, also of a service that somebody has labelled", () => {
  const labelled = { ...web, spec: { ...web.spec, Labels: { ...web.spec.Labels, team: "a" } } };
  const { changes } = planned(specOf(), { ...all, web: 9 }, swarm({ services: [labelled, worker, clock] }));
  expect(changes).toHaveLength(7);
  const puts = new Set(changes.flatMap(({ steps }) => steps.filter((step) => step.op === "put")));
  expect([...puts]).toEqual([{ op: "put", over: labelled, want: withReplicas(labelled.spec, 9) }]);
});

test("a scale in the middle of a half-done release puts no service back, and brings none forward", () => {
  const released = { ...service("worker", 1, { image: "shop:2" }) };
  const seen = swarm({ services: [web, released, clock], tasks: [...tasks.slice(0, 2), task(released, 1), tasks[3]!] });
  for (const image of ["shop:1", "shop:2"]) {
    const { changes } = planned(specOf({ image }), { ...all, web: 3, worker: 2 }, seen, true);
    expect(changes.map(({ type, verb, index }) => `${type}.${index} ${verb}`)).toEqual([
      "web.3 create",
      "worker.2 create",
    ]);
    const puts = changes.flatMap(({ steps }) => steps.flatMap((step) => (step.op === "put" ? [step.want] : [])));
    expect(puts).toEqual([withReplicas(web.spec, 3), withReplicas(released.spec, 2)]);
  }
});

test("all slots of a service share one call", () => {
  const { changes } = planned(
    specOf({ env: { A: "b" } }),
    { ...all, worker: 0, clock: 0 },
    swarm({ services: [web], tasks: tasks.slice(0, 2) }),
  );
  expect(changes).toHaveLength(2);
  expect(new Set(changes.map(({ steps }) => steps[0])).size).toBe(1);
  expect(changes[0]!.steps[0]).toMatchObject({ want: { Labels: { [LABEL.owner]: "shop/dev" } } });
});

test("a secret is made before, and the one before it forgotten after", () => {
  const spec = specOf({ env: { TOKEN: "hunter2" }, secretsAsFiles: ["TOKEN"] });
  const seen = swarm({
    services: [web],
    tasks: tasks.slice(0, 2),
    secrets: [{ id: "x", name: "shop_0123456789", labels: {} }],
  });
  const [change] = planned(spec, { web: 2, worker: 0, clock: 0 }, seen).changes;
  expect(ops(change!.steps)).toEqual(["secret", "put", "settled"]);
  expect(change!.finish).toEqual([{ op: "forget", secret: "shop_0123456789" }]);
  expect(JSON.stringify(change!.steps.filter(({ op }) => op === "put"))).not.toContain("hunter2");
});
