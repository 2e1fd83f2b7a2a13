import { argumentsOf } from "../../../../../../../provider/core/model/environment";
import { parseSpec } from "../../../../../../../provider/core/guards/declaration";
import type { Spec } from "../../../../../../../provider/core/inputs/spec";
import { changedByHand, isAsked } from "../../../../../../../provider/orchestrators/swarm/plan/service/compare";
import { begin, judge, notEmpty, remember } from "../../../../../../../provider/orchestrators/swarm/plan/judge";
import { desiredSecrets, desiredService } from "../../../../../../../provider/orchestrators/swarm/plan/service/desired";
import type { ObservedTask } from "../../../../../../../provider/orchestrators/swarm/plan/observed";
import { rolloutOf } from "../../../../../../../provider/orchestrators/swarm/plan/rollout";
import {
  held,
  HOLD,
  isHeld,
  type ServiceSpec,
} from "../../../../../../../provider/orchestrators/swarm/plan/service/service";

const identity = { owner: "shop/dev", key: "key" };

function specOf(processes: object, more: object = {}): Spec {
  const raw = { image: "shop:1", orchestrator: "swarm", processes, ...more };
  const parsed = parseSpec(raw, "shop");
  if (parsed.kind !== "spec") throw new Error(JSON.stringify(parsed));
  return parsed.spec;
}

function serviceOf(own: object, more: object = {}, pin?: string): ServiceSpec {
  const spec = specOf({ web: { command: "a; b", ...own } }, more);
  return desiredService(spec, spec.types[0]!, 4, identity, {}, pin);
}

test("a whole service", () => {
  const image = { id: "sha256:1", pinned: "shop:1@sha256:1" };
  const spec = specOf({
    web: {
      command: "serve; true",
      port: 8080,
      bind: "0.0.0.0:80",
      stopTimeout: "1m",
      size: { cpus: 0.5, memory: "64Mi" },
      reservation: { memory: "32Mi" },
      placement: { labels: { disk: "ssd" }, spread: "zone" },
      health: { test: ["CMD", "check"] },
    },
  });
  expect(desiredService(spec, spec.types[0]!, 4, identity, { image }, undefined)).toMatchObject({
    Name: "shop_web",
    Labels: { "formation.app": "shop", "formation.owner": "shop/dev", "formation.image-id": "sha256:1" },
    TaskTemplate: {
      ContainerSpec: {
        Image: "shop:1@sha256:1",
        Args: argumentsOf("serve; true"),
        Init: true,
        Labels: { "formation.type": "web", "formation.singleton": "false" },
        Env: [
          "DYNO=web.{{.Task.Slot}}",
          "FORMATION_APP=shop",
          "FORMATION_HASH_KEY=key",
          "FORMATION_PROCESS=web.{{.Task.Slot}}",
          "PORT=8080",
          "PS=web.{{.Task.Slot}}",
          "TINI_KILL_PROCESS_GROUP=1",
        ],
        Hostname: "web.{{.Task.Slot}}",
        StopGracePeriod: 60e9,
        Privileges: { NoNewPrivileges: true },
        Healthcheck: { Test: ["CMD", "check"], Interval: 5e9 },
      },
      Resources: {
        Limits: { NanoCPUs: 5e8, MemoryBytes: 2 ** 26, Pids: 4096 },
        Reservations: { MemoryBytes: 2 ** 25 },
      },
      RestartPolicy: { Condition: "any", MaxAttempts: 0 },
      Placement: {
        Constraints: ["node.labels.disk==ssd"],
        Preferences: [{ Spread: { SpreadDescriptor: "node.labels.zone" } }],
      },
      LogDriver: { Name: "json-file", Options: { "max-size": "10m" } },
    },
    Mode: { Replicated: { Replicas: 4 } },
    UpdateConfig: { Parallelism: 1, Order: "start-first", FailureAction: "rollback", Monitor: 1 },
    EndpointSpec: { Ports: [{ TargetPort: 8080, PublishedPort: 80, PublishMode: "ingress" }] },
  });
});

test.each<[string, object, object[]]>([
  ["without bind, a port is told and not published", { port: 80 }, []],
  [
    "on any port of each node",
    { port: 80, bind: "0.0.0.0", publishMode: "host" },
    [{ PublishedPort: 0, PublishMode: "host" }],
  ],
  ["through the mesh", { port: 80, bind: "[::]:8080" }, [{ PublishedPort: 8080, PublishMode: "ingress" }]],
])("ports: %s", (_, own, ports) => {
  expect(serviceOf(own).EndpointSpec.Ports).toMatchObject(ports);
  expect(serviceOf(own).EndpointSpec.Ports).toHaveLength(ports.length);
});

test("a port that one process of a node holds is given up before its successor starts", () => {
  expect(serviceOf({ port: 80, bind: "0.0.0.0:80", publishMode: "host" }).UpdateConfig.Order).toBe("stop-first");
  expect(serviceOf({ port: 80, bind: "0.0.0.0:80" }).UpdateConfig.Order).toBe("start-first");
});

test("a pinned singleton holds its node and one port there; it is never taken back by the Swarm", () => {
  const { TaskTemplate, EndpointSpec, UpdateConfig } = serviceOf({ singleton: true }, {}, "n1");
  expect(TaskTemplate.Placement.Constraints).toEqual(["node.id==n1"]);
  expect(EndpointSpec.Ports).toMatchObject([{ PublishMode: "host" }]);
  expect(UpdateConfig).toMatchObject({ Order: "stop-first", FailureAction: "pause" });
});

test("braces in a value are no template", () => {
  const { Env } = serviceOf({}, { env: { A: "{{.Node.ID}}" } }).TaskTemplate.ContainerSpec;
  expect(Env[0]).toBe('A={{"{{"}}.Node.ID}}');
});

test("a secret's value stands in no service, and its name follows the value", () => {
  const more = { env: { TOKEN: "hunter2", B: "c" }, secretsAsFiles: ["TOKEN"] };
  const { ContainerSpec } = serviceOf({}, more).TaskTemplate;
  expect(ContainerSpec.Env).toContain("TOKEN_FILE=/run/secrets/TOKEN");
  expect(JSON.stringify(serviceOf({}, more))).not.toContain("hunter2");
  const nameWith = (value: string, key: string) =>
    desiredSecrets(specOf({ web: { command: "a" } }, { ...more, env: { TOKEN: value } }), key)[0]!.name;
  expect(nameWith("hunter2", "key")).toBe(ContainerSpec.Secrets[0]!.SecretName);
  expect(nameWith("hunter3", "key")).not.toBe(nameWith("hunter2", "key"));
  expect(nameWith("hunter2", "other")).not.toBe(nameWith("hunter2", "key"));
});

test("held: no place, stop first, one replica, and nothing else changed", () => {
  const spec = serviceOf({ singleton: true }, {}, "n1");
  expect(isHeld(held(spec))).toBe(true);
  expect(held(held(spec))).toEqual(held(spec));
  expect(held(spec).TaskTemplate.ContainerSpec).toEqual(spec.TaskTemplate.ContainerSpec);
});

test("what the engine leaves out or adds is no change by hand", () => {
  const wanted = serviceOf({});
  const { Privileges: _, ...kept } = wanted.TaskTemplate.ContainerSpec;
  const has = {
    ...wanted,
    TaskTemplate: {
      ...wanted.TaskTemplate,
      ContainerSpec: { ...kept, Isolation: "default" },
      Resources: { Limits: { Pids: 4096 } },
      RestartPolicy: { Condition: "any", Delay: 2e9 },
    },
  } as unknown as ServiceSpec;
  expect(changedByHand(wanted, has)).toEqual([]);
  expect(isAsked(wanted, has)).toBe(true);
  expect(changedByHand(wanted, serviceOf({ command: "other" }))).toEqual(["command"]);
  expect(changedByHand(wanted, serviceOf({}, { env: { A: "b" } }))).toEqual(["env"]);
});

const spec = serviceOf({ singleton: true }, {}, "n1");
const type = specOf({ web: { command: "a; b", singleton: true } }).types[0]!;

function task(id: string, more: Partial<ObservedTask> = {}): ObservedTask {
  const { ContainerSpec, Placement } = spec.TaskTemplate;
  return {
    id,
    service: "s",
    slot: 1,
    node: "n1",
    state: "running",
    desired: "running",
    error: "",
    exitCode: 0,
    container: id,
    createdAt: 1,
    labels: ContainerSpec.Labels,
    constraints: Placement.Constraints,
    ports: [],
    ...more,
  };
}

const unassigned = (more: Partial<ObservedTask>): ObservedTask => {
  const { node: _, ...rest } = task("new", { state: "pending", ...more });
  return rest;
};
const waiting = unassigned({ constraints: [HOLD] });
const ending = { desired: "shutdown" };

test.each<[string, ObservedTask[], string[], string[]]>([
  ["it has ended, the next is held", [task("a", { ...ending, state: "shutdown" }), waiting], [], []],
  ["it still runs", [task("a", ending), waiting], [], ["a"]],
  ["it is starting", [task("a", { state: "ready" }), waiting], [], ["a"]],
  ["orphaned proves nothing", [task("a", { ...ending, state: "orphaned" }), waiting], [], ["a"]],
  ["its node is down, which is no proof", [task("a", ending), waiting], ["n1"], ["a"]],
  [
    "the next is not held yet, and may be given to a node",
    [task("a", { state: "failed" }), unassigned({})],
    [],
    ["new"],
  ],
])("empty: %s", (_, tasks, down, expected) => {
  const empty = { app: "shop", type: "web", stopTimeout: 30, held: true, abandoned: [], lenient: false };
  const left = notEmpty(empty, tasks, new Set(down));
  expect(left === "unseen" ? left : left.map(({ id }) => id)).toEqual(expected);
});

test("empty: only once the Swarm has begun, and without a node that a person has given up", () => {
  const empty = { app: "shop", type: "web", stopTimeout: 30, held: true, abandoned: ["n1"], lenient: false };
  expect(notEmpty(empty, [task("a", { state: "failed" })], new Set())).toBe("unseen");
  expect(notEmpty(empty, [task("a", ending), waiting], new Set(["n1"]))).toEqual([]);
  // The node has come back.
  expect(notEmpty(empty, [task("a", ending), waiting], new Set())).toHaveLength(1);
});

const rollout = rolloutOf(type, { ...spec, Mode: { Replicated: { Replicas: 1 } } }, [1], false);

/** Judges tasks that were first observed at 0 s and are like this at `now`. */
function judgedAt(now: number, tasks: readonly ObservedTask[], before: readonly ObservedTask[] = []) {
  return judge(rollout, tasks, remember(begin(before), rollout, tasks, 0), new Set(), now);
}

test("settled once it has run for as long as was asked, and nothing else still stops", () => {
  expect(judgedAt(1, [task("a")]).done).toBe(false);
  expect(judgedAt(5, [task("a")]).done).toBe(true);
  expect(judgedAt(5, [task("a"), task("old", { ...ending, node: "n2", createdAt: 0 })]).done).toBe(false);
  expect(judgedAt(5, [task("a", { labels: { ...spec.Labels, "formation.configuration": "x" } })]).done).toBe(false);
});

test("two that are as wanted in one slot are seen, but neither a moment of two nor one that gives way", () => {
  const [first, second] = [task("a"), task("b", { createdAt: 2 })];
  expect(judgedAt(1, [first, second]).isDoubled).toBe(false);
  expect(judgedAt(3, [first, second]).isDoubled).toBe(true);
  expect(judgedAt(3, [task("a", ending), second]).isDoubled).toBe(false);
  expect(
    judgedAt(3, [task("a", { labels: { ...spec.Labels, "formation.configuration": "x" } }), second]).isDoubled,
  ).toBe(false);
});

test.each<[string, ObservedTask, number, string]>([
  ["an exit", task("a", { state: "failed", exitCode: 3, error: "task: non-zero exit (3)" }), 0, "exited with code 3"],
  ["a start that fails", task("a", { state: "failed", error: "port is taken" }), 0, "failed: port is taken"],
  ["no place", unassigned({ error: "no suitable node (1 node)" }), 16, "finds no place: no suitable node (1 node)"],
])("failed: %s", (_, task, now, words) => {
  expect([...judgedAt(now, [task]).failures.values()].map((failure) => failure.words)).toEqual([words]);
});

test("a task that had ended before is no failure, and one rejection is none either", () => {
  const old = task("a", { state: "failed" });
  expect(judgedAt(0, [old, task("b")], [old]).failures.size).toBe(0);
  const rejected = task("a", { state: "rejected", error: "No such image" });
  expect(judgedAt(0, [rejected]).failures.size).toBe(0);
  const many = Array.from({ length: 8 }, (_, at) => ({ ...rejected, id: `r${at}` }));
  expect([...judgedAt(0, many).failures.values()][0]?.words).toBe("was rejected: No such image");
  // Rejections of another type, of a former release and of an update before say nothing of this one.
  const others: Partial<ObservedTask>[] = [
    { labels: { ...spec.Labels, "formation.type": "worker" } },
    { labels: { ...spec.Labels, "formation.configuration": "x" } },
  ];
  for (const other of others) {
    const all = [...many.slice(1).map((one) => ({ ...one, ...other })), rejected];
    expect(judgedAt(0, all).failures.size).toBe(0);
  }
  expect(judgedAt(0, [...many.slice(1), rejected], many.slice(1)).failures.size).toBe(0);
});

test.each<[string, object, string]>([
  [
    "failover",
    { processes: { web: { command: "a", singleton: "failover" } } },
    'processes.web.singleton "failover" needs',
  ],
  ["rebalance", { orchestrator: "swarm", rebalance: "x" }, "rebalance has no meaning on a Swarm"],
  ["pull", { orchestrator: "swarm", pull: "always" }, "pull has no meaning on a Swarm"],
  [
    "bind",
    { orchestrator: "swarm", processes: { web: { command: "a", port: 80, bind: "127.0.0.1" } } },
    'processes.web.bind "127.0.0.1" has no meaning on a Swarm',
  ],
  [
    "health.path",
    { orchestrator: "swarm", processes: { web: { command: "a", port: 80, health: { path: "/" } } } },
    "processes.web.health.path has no meaning on a Swarm",
  ],
  [
    "an unknown secret",
    { orchestrator: "swarm", secretsAsFiles: ["A"] },
    "secretsAsFiles names A, which env does not have",
  ],
])("refused in check: %s", (_, more, words) => {
  const parsed = parseSpec({ image: "shop:1", processes: { web: { command: "a" } }, ...more }, "shop");
  expect(parsed.kind === "faults" ? parsed.faults.join("\n") : parsed.kind).toContain(words);
});

/** Every copy of a value in which one number, word or flag is changed, with the place of the change. */
function alterations(value: unknown, at: string): (readonly [at: string, altered: unknown])[] {
  if (typeof value !== "object" || value === null) {
    const other =
      typeof value === "number" ? value + 1 : typeof value === "boolean" ? !value : `${String(value)}-other`;
    return [[at, other]];
  }
  return Object.entries(value).flatMap(([key, inner]) =>
    alterations(inner, `${at}.${key}`).map(([where, altered]) => {
      const copy = Array.isArray(value)
        ? Object.assign([...(value as unknown[])], { [key]: altered })
        : { ...value, [key]: altered };
      return [where, copy] as const;
    }),
  );
}

test("whatever of a service's processes is changed by hand is seen", () => {
  const wanted = serviceOf(
    { port: 8080, bind: "0.0.0.0:80", size: { cpus: 1, memory: "1Gi" }, health: { test: ["CMD", "check"] } },
    { network: "net", env: { A: "b", TOKEN: "c" }, secretsAsFiles: ["TOKEN"] },
    "n1",
  );
  const unseen = alterations(wanted, "").flatMap(([where, altered]) =>
    changedByHand(wanted, altered as ServiceSpec).length > 0 ? [] : [where.replace(/(Labels|Config)\..*/, "$1")],
  );
  expect([...new Set(unseen)]).toEqual([
    ".Name",
    ".Labels",
    ".TaskTemplate.ContainerSpec.Labels",
    // Only the Swarm knows the id of a secret.
    ".TaskTemplate.ContainerSpec.Secrets.0.SecretID",
    ".TaskTemplate.ContainerSpec.Privileges.NoNewPrivileges",
    // A service of an earlier version has none.
    ".TaskTemplate.Networks.0.Aliases.0",
    ".TaskTemplate.Networks.0.Aliases.1",
    ".TaskTemplate.ForceUpdate",
    // The plan itself tells changes of these.
    ".Mode.Replicated.Replicas",
    ".UpdateConfig",
    ".RollbackConfig",
  ]);
});

test("a service that an earlier version has made of a command line is not changed by hand", () => {
  const has = serviceOf({ command: "serve" });
  const { TaskTemplate } = has;
  const former = {
    ...has,
    TaskTemplate: {
      ...TaskTemplate,
      ContainerSpec: { ...TaskTemplate.ContainerSpec, Args: ["/bin/sh", "-c", "trap : TERM; serve"] },
    },
  };
  expect(changedByHand(has, former)).toEqual([]);
});

test.each([{ port: 8080 }, {}])("a service as version 0.1 made it is not changed by hand: %j", (own) => {
  const wanted = serviceOf(own, { network: "net" });
  const { TaskTemplate } = wanted;
  // It named its stop signal, and neither the check of an image nor names on networks.
  const { Healthcheck: _, ...rest } = TaskTemplate.ContainerSpec;
  const ContainerSpec = { ...rest, StopSignal: "SIGTERM", Privileges: { NoNewPrivileges: true } };
  const Networks = TaskTemplate.Networks.map(({ Target }) => ({ Target }));
  const has = { ...wanted, TaskTemplate: { ...TaskTemplate, ContainerSpec, Networks } };
  expect(changedByHand(wanted, has as unknown as ServiceSpec)).toEqual([]);
});
