import { latestClaim } from "../../../core/model/claim";
import { FormationError } from "../../../core/values/errors";
import { compare } from "../../../core/values/formation";
import type { Plan } from "../../../core/plan/plan";
import type { Spec } from "../../../core/inputs/spec";
import type { Recorded, RecordedHost } from "../../../core/record/state";
import { isKnown } from "../../../core/values/unknown";
import { heldName } from "./service/desired";
import type { ObservedSwarm } from "./observed";
import type { OwnSwarm } from "./own";
import type { SwarmStep } from "./step";

/** Refuses a plan that needs the name of a foreign service, or that has shortages. */
export function swarmRefusal(
  { changes, shortages }: Plan<SwarmStep>,
  swarm: Pick<ObservedSwarm, "strangers">,
): FormationError | undefined {
  const names = new Set(
    changes.flatMap(({ steps }) =>
      steps.flatMap((step) => (step.op === "put" || step.op === "once" ? [heldName(step.want.Name)] : [])),
    ),
  );
  const taken = swarm.strangers.filter((name) => names.has(heldName(name)));
  if (taken.length > 0) {
    const faults = taken.map(
      (name) => `a service that is not ours has the name ${name}: remove it, or give app another name`,
    );
    return new FormationError("NameTaken", faults.join("\n"));
  }
  return shortages.length === 0 ? undefined : new FormationError("NoRoom", shortages.join("\n"));
}

/** Refuses CPU limits above the CPUs of every node, which no engine there would take. */
export function swarmLimitRefusal(
  { changes }: Pick<Plan<SwarmStep>, "changes">,
  { nodes }: Pick<ObservedSwarm, "nodes">,
  { types }: Pick<Spec, "types">,
): FormationError | undefined {
  const most = Math.max(0, ...nodes.map(({ capacity }) => capacity.cpus));
  const made = new Set(changes.flatMap(({ type, steps }) => (steps.some(({ op }) => op === "put") ? [type] : [])));
  const faults = types
    .map(({ name, settings }) => ({ name, cpus: settings.size?.cpus ?? 0 }))
    .filter(({ name, cpus }) => made.has(name) && most > 0 && cpus > most)
    .map(
      ({ name, cpus }) =>
        `processes.${name}.size.cpus is ${cpus / 1e9}, but no node has more than ${most / 1e9}: lower it`,
    );
  return faults.length === 0 ? undefined : new FormationError("NoRoom", faults.join("\n"));
}

/** Networks that every Swarm has, on each of its nodes. */
const OF_EACH_NODE = new Set(["bridge", "host", "none"]);

/** The error for networks that services are to join, but that the Swarm does not have. */
export function absentNetwork(
  { changes }: Pick<Plan<SwarmStep>, "changes">,
  { networks: there = {} }: Pick<ObservedSwarm, "networks">,
  spec: Pick<Spec, "networks" | "types">,
): FormationError | undefined {
  const joined = changes.flatMap(({ type, steps }) =>
    steps.flatMap(({ op }) => {
      if (op === "once") return spec.networks;
      return op === "put" ? (spec.types.find(({ name }) => name === type)?.networks ?? []) : [];
    }),
  );
  const names = new Set(joined.flatMap(({ name }) => (isKnown<string>(name) ? name : [])));
  const absent = [...names].filter((name) => !OF_EACH_NODE.has(name) && !Object.hasOwn(there, name)).sort(compare);
  const [first] = absent;
  if (first === undefined) return undefined;
  const faults = absent.map((name) => `network ${name} is not one of the Swarm's`);
  return new FormationError("NetworkMissing", faults.join("; "), {
    hint: `create it with docker network create --driver overlay ${first}, or correct network`,
  });
}

/**
 * Refuses managers of another Swarm than the one where the formation has processes. An id is a hint: a Swarm that has
 * our services is ours, and one that was made anew is let in by a person's word.
 *
 * @param declared the hosts as declared, if they are
 * @param isWrittenOff true when a person vouches for a Swarm's being gone
 */
export function otherSwarmRefusal(
  { __cluster, instances = [], __formerApps }: Recorded,
  { cluster, address, services }: Pick<OwnSwarm, "cluster" | "address" | "services">,
  declared: readonly Partial<RecordedHost>[] | undefined,
  isWrittenOff: (cluster: string) => boolean,
): FormationError | undefined {
  if (__cluster === undefined || __cluster === cluster || services.length > 0) return undefined;
  if (instances.length === 0 && Object.keys(__formerApps).length === 0) return undefined;
  if (isWrittenOff(__cluster) || declared?.some(({ replaces }) => replaces === __cluster) === true) return undefined;
  const word =
    declared === undefined
      ? `run pulumi config set --path 'formation:abandoned[0]' ${__cluster}`
      : `declare hosts: [{ host: ${JSON.stringify(address)}, replaces: ${JSON.stringify(__cluster)} }]`;
  return new FormationError(
    "EngineMismatch",
    `the formation runs on Swarm ${__cluster}, but ${address} is a manager of Swarm ${cluster}, which has none of its services`,
    { hint: `set hosts back to managers of the first; if that is gone for good, ${word}` },
  );
}

/**
 * The claim on an app's name, if it is another formation's and its first deployment has ended.
 *
 * @param own the formation's identity, and the one that it takes over
 */
export function claimOfOther(
  { claims }: Pick<ObservedSwarm, "claims">,
  app: string,
  own: readonly (string | undefined)[],
) {
  const claim = latestClaim(claims, app);
  // A claim that an update has left open is judged by `hold`, once there is something to do.
  return claim !== undefined && !own.includes(claim.identity) && claim.begun === undefined ? claim : undefined;
}
