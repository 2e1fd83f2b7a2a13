import type { Formation } from "../../provider/core/values/formation";
import { parseSpec } from "../../provider/core/guards/declaration";
import type { Spec } from "../../provider/core/inputs/spec";
import { desiredService } from "../../provider/orchestrators/swarm/plan/service/desired";
import type {
  ObservedNode,
  ObservedService,
  ObservedSwarm,
  ObservedTask,
} from "../../provider/orchestrators/swarm/plan/observed";
import { planSwarm } from "../../provider/orchestrators/swarm/plan/plan";

// A Swarm of three nodes, as plain data for the plan.

export type Part = ObservedService;

export const identity = { owner: "shop/dev", key: "key" };

export function specOf(more: object): Spec {
  const parsed = parseSpec({ image: "shop:1", orchestrator: "swarm", ...more }, "shop");
  if (parsed.kind !== "spec") throw new Error(JSON.stringify(parsed));
  return parsed.spec;
}

export const node = (name: string): ObservedNode => ({
  id: `id-${name}`,
  name,
  address: `tcp://${name}`,
  isUp: true,
  availability: "active",
  labels: {},
  capacity: { cpus: 2e9, memory: 2 ** 30 },
});
const nodes = [node("n1"), node("n2"), node("n3")];
export const down = (name: string) => ({
  nodes: nodes.map((one) => (one.name === name ? { ...one, isUp: false } : one)),
});

/** Service of a type as a program declares it. */
export function service(type: string, quantity: number, declared: object, key = identity.key): Part {
  const spec = specOf(declared);
  const own = spec.types.find((one) => one.name === type)!;
  const pin = own.singleton ? "id-n1" : undefined;
  const made = desiredService(spec, own, quantity, { ...identity, key }, {}, pin);
  return { id: `s-${spec.app}-${type}`, version: 1, meshPorts: [], spec: made };
}

export function task(of: Part, slot: number, more: Partial<ObservedTask> = {}): ObservedTask {
  const { ContainerSpec, Placement } = of.spec.TaskTemplate;
  return {
    id: `${of.id}.${slot}`,
    service: of.id,
    slot,
    node: "id-n1",
    state: "running",
    desired: "running",
    error: "",
    exitCode: 0,
    container: `c-${of.id}-${slot}`,
    createdAt: slot,
    ports: [],
    labels: ContainerSpec.Labels,
    constraints: Placement.Constraints,
    ...more,
  };
}

export function swarm(more: Partial<ObservedSwarm> = {}): ObservedSwarm {
  return {
    cluster: "swarm1",
    address: "unix:///a",
    services: [],
    tasks: [],
    nodes,
    secrets: [],
    claims: [],
    strangers: [],
    ...more,
  };
}

/** @param keepsReleases true as for a scale, which changes quantities alone */
export function planned(spec: Spec, formation: Formation, seen: ObservedSwarm, keepsReleases = false) {
  return planSwarm({ spec, formation, identity, keepsReleases }, seen);
}
