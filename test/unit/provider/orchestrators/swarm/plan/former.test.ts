import { formatPlan } from "../../../../../../provider/core/plan/text";
import type { Plan } from "../../../../../../provider/core/plan/plan";
import { planSwarmRemoval } from "../../../../../../provider/orchestrators/swarm/plan/plan";
import type { SwarmStep } from "../../../../../../provider/orchestrators/swarm/plan/step";
import { down, planned, service, specOf, swarm, task, type Part } from "../../../../../support/swarm-scene";

// Leftovers of a former name of a type or an app: no singleton starts beside them, and nobody's port is taken twice.

function textOf(plan: Plan<SwarmStep>): string[] {
  return formatPlan({ before: undefined, after: {}, sources: {}, order: [] }, plan).split("\n").slice(1);
}

const clock = service("clock", 1, { processes: { clock: { command: "c", singleton: true } } });
const mailer = service("mailer", 2, { processes: { mailer: { command: "m" } } });
const lenient = service("mailer", 1, { processes: { mailer: { command: "m" } } });
const web = service("web", 1, { processes: { web: { command: "w", port: 80, bind: "0.0.0.0:8080" } } });
const seen = (...parts: Part[]) =>
  swarm({
    services: parts,
    tasks: parts.flatMap((service) =>
      Array.from({ length: service.spec.Mode.Replicated.Replicas }, (_, at) => task(service, at + 1)),
    ),
  });
const goneWith = (service: Part) => swarm({ services: [], tasks: [task(service, 1, { desired: "remove" })] });

const scheduler = specOf({ processes: { scheduler: { command: "c", singleton: true } } });
const failover = specOf({ processes: { scheduler: { command: "c", singleton: "failover" } } });
const renamed = specOf({ app: "store", processes: { clock: { command: "c", singleton: true } } });
const both = specOf({ app: "store", processes: { clock: { command: "c", singleton: true }, web: { command: "w" } } });
const front = specOf({ processes: { front: { command: "w", port: 80, bind: "0.0.0.0:8080" } } });
const storeWeb = specOf({ app: "store", processes: { web: { command: "w", port: 80, bind: "0.0.0.0:8080" } } });
const cut =
  'n1 cannot be reached and may still run one: wait until it is back or, if it is off, say abandonedNodes: ["n1"]';

test.each<[string, Plan<SwarmStep>, string[]]>([
  [
    "a clock on a node that is cut off, its type renamed",
    planned(scheduler, { scheduler: 1 }, { ...seen(clock), ...down("n1") }),
    [`left undone: clock.1: type removed, but ${cut}`, `left undone: scheduler.1: not started: ${cut}`],
  ],
  [
    "a clock on a node that is cut off, its app renamed",
    planned(renamed, { clock: 1 }, { ...seen(clock), ...down("n1") }),
    [`left undone: clock.1: app renamed to store, but ${cut}`, `left undone: clock.1: not started: ${cut}`],
  ],
  [
    "a type that is called a singleton only since its new name",
    planned(scheduler, { scheduler: 1 }, seen(lenient)),
    ["scheduler.1  create on n2  scale up", "mailer.1     remove on n1  type removed"],
  ],
  [
    "one that may fail over, whose former node is cut off",
    planned(failover, { scheduler: 1 }, { ...seen(lenient), ...down("n1") }),
    [
      `left undone: mailer.1: type removed, but ${cut}`,
      `left undone: scheduler.1: not started: ${cut}`,
      'note: scheduler may run twice for as long as its node is cut off, frozen, or without its engine (singleton: "failover")',
    ],
  ],
  [
    "a process whose service is gone already, on a node that is cut off",
    planned(scheduler, { scheduler: 1 }, { ...goneWith(lenient), ...down("n1") }),
    [`left undone: scheduler.1: not started: ${cut}`],
  ],
  [
    "both declared, one scaled to 0, on a node that is cut off",
    planned(
      specOf({ processes: { clock: { command: "c" }, scheduler: { command: "c" } } }),
      { clock: 0, scheduler: 1 },
      { ...seen(clock), ...down("n1") },
    ),
    [`left undone: clock.1: scale down, but ${cut}`, `left undone: scheduler.1: not started: ${cut}`],
  ],
  [
    "an app renamed: what is no singleton has its successor first, and no clock waits for it",
    planned(both, { clock: 1, web: 1 }, seen(clock, web)),
    [
      "web.1      create on swarm  scale up",
      "web.1      remove on swarm  app renamed to store",
      "clock.1    create on n2     scale up",
      "clock.1    remove on n1     app renamed to store",
    ],
  ],
])("%s", (_, plan, expected) => {
  expect(textOf(plan)).toEqual(expected);
});

const stepsOf = (plan: Plan<SwarmStep>, verb: string) => plan.changes.find((change) => change.verb === verb)!;
const ops = (steps: readonly SwarmStep[]) => steps.map((step) => step.op);

test.each<[string, Plan<SwarmStep>]>([
  ["type", planned(scheduler, { scheduler: 1 }, seen(mailer))],
  ["app", planned(renamed, { clock: 1 }, seen(clock, mailer))],
])("%s renamed: a new singleton waits for the end of all that it may have been, strictly", (_, plan) => {
  const create = stepsOf(plan, "create");
  const removals = plan.changes.filter(({ verb }) => verb === "remove");
  expect(new Set(create.needs)).toEqual(new Set(removals));
  for (const { steps, needs } of removals) {
    expect(ops(steps)).toEqual(["put", "emptied", "delete"]);
    expect(needs).toEqual([]);
  }
  const [hold] = removals.find(({ type }) => type === "mailer")!.steps;
  // The service keeps its replicas, so that each of its processes can be observed while it stops.
  expect(hold).toMatchObject({
    op: "put",
    want: { Mode: { Replicated: { Replicas: 2 } }, UpdateConfig: { Parallelism: 0 } },
  });
});

test("a new singleton waits for processes whose service is gone", () => {
  const { steps } = stepsOf(planned(scheduler, { scheduler: 1 }, goneWith(lenient)), "create");
  expect(steps[0]).toMatchObject({ op: "emptied", empty: { app: "shop", type: "mailer", lenient: false } });
});

test.each<[string, Plan<SwarmStep>]>([
  ["type", planned(front, { front: 1 }, seen(web))],
  ["app", planned(storeWeb, { web: 1 }, seen(web))],
])("%s renamed: what has a published port goes before its successor", (_, plan) => {
  const [create, remove] = [stepsOf(plan, "create"), stepsOf(plan, "remove")];
  expect(create.needs).toEqual([remove]);
  expect(remove.needs).toEqual([]);
  expect(ops(remove.steps)).toEqual(["delete", "emptied"]);
});

test.each<[string, Plan<SwarmStep>]>([
  ["clock", planned(specOf({ processes: { Clock: { command: "c" } } }), { Clock: 1 }, seen(clock))],
  ["mailer", planned(specOf({ processes: { Mailer: { command: "m" } } }), { Mailer: 1 }, seen(lenient))],
])("%s gets a capital: its service goes before one of the same name in another case comes", (_, plan) => {
  const [create, remove] = [stepsOf(plan, "create"), stepsOf(plan, "remove")];
  expect(create.needs).toEqual([remove]);
  expect(remove.needs).toEqual([]);
});

test("a second service of a clock goes, and is told from the first by its name", () => {
  const twin: Part = { ...clock, id: "s-twin", spec: { ...clock.spec, Name: "shop_copy" } };
  const spec = specOf({ processes: { clock: { command: "c", singleton: true } } });
  for (const services of [
    [twin, clock],
    [clock, twin],
  ]) {
    const plan = planned(spec, { clock: 1 }, seen(...services));
    expect(textOf(plan)).toEqual(["clock.1    remove on n1  a second service of its type, shop_copy"]);
    expect(plan.changes[0]!.steps[1]).toMatchObject({ op: "emptied", empty: { service: "s-twin" } });
  }
});

test("a delete that a node holds up says what reaches it; a person's word lets it pass", () => {
  const cutOff = { ...seen(clock), ...down("n1") };
  const { changes, blocked } = planSwarmRemoval(cutOff, []);
  expect(changes).toEqual([]);
  expect(blocked).toMatchObject([{ slot: "clock.1", host: "n1" }]);
  expect(blocked[0]!.why).toContain("run pulumi config set --path 'formation:abandoned[0]' n1, then destroy again");
  expect(planSwarmRemoval(cutOff, ["n1"])).toMatchObject({ changes: [{ verb: "remove" }], blocked: [] });
});
