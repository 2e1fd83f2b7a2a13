import { rewrite } from "../change";
import { LABEL } from "../labels";
import { RELEASE } from "../names";
import { sortChanges, type Plan } from "../plan";
import { orderOf } from "../spec";
import type { Context, SwarmChange, Wanted } from "./context";
import { desiredSecrets } from "./desired";
import { end, isSingleton, removal } from "./ending";
import { abandonedNodes } from "./nodes";
import { appOf, typeOf, type ObservedService, type ObservedSwarm } from "./observed";
import { planReplicas } from "./plan-replicas";
import { planSingleton } from "./plan-singleton";
import { withReleaseCommand } from "./release-command";
import type { SwarmStep } from "./step";

/** Every change that leads a Swarm from what was observed to what is wanted. */
export function planSwarm(wanted: Wanted, swarm: ObservedSwarm): Plan<SwarmStep> {
  const { spec, identity, formation } = wanted;
  const labels = { [LABEL.app]: spec.app, [LABEL.owner]: identity.owner };
  const secrets = desiredSecrets(spec, identity.key);
  const missing = secrets.filter(({ name }) => !swarm.secrets.some((one) => one.name === name));
  const context: Context = {
    ...{ wanted, swarm, abandoned: abandonedNodes(swarm, spec.abandonedNodes) },
    secrets: missing.map((want): SwarmStep => ({ op: "secret", want, labels })),
    ...{ changes: [], blocked: [], shortages: [] },
  };
  const declared = new Set(spec.types.map((type) => type.name));
  // What a release that was begun has added or given up is up to the next release.
  const leaving = (wanted.keepsReleases === true ? [] : swarm.services)
    .filter((one) => appOf(one) !== spec.app || !declared.has(typeOf(one)))
    .filter((one) => typeOf(one) !== RELEASE);
  // Singletons first: one under its new name waits for the one under its old name. All else goes when its successor runs.
  for (const one of leaving.filter(isSingleton)) end(context, one, leavingBecause(one, wanted));
  for (const type of spec.types) (type.singleton ? planSingleton : planReplicas)(context, type);
  for (const one of leaving.filter((service) => !isSingleton(service))) {
    const successors = context.changes.filter((change) => change.type === typeOf(one) && change.verb === "create");
    context.changes.push(...removal(swarm, one, leavingBecause(one, wanted), context.abandoned, successors));
  }
  const changes = withReleaseCommand(context, sortChanges(context.changes, orderOf(spec)));
  const unused = swarm.secrets.filter((one) => !secrets.some(({ name }) => name === one.name));
  return {
    changes: forgetting(changes, wanted.keepsReleases === true ? [] : unused),
    ...{ blocked: context.blocked, shortages: context.shortages },
    notes: spec.types
      .filter((type) => type.failover && (formation[type.name] ?? 0) > 0)
      .map(
        ({ name }) =>
          `${name} may run twice for as long as its node is cut off, frozen, or without its engine (singleton: "failover")`,
      ),
  };
}

/** Ends everything: what a delete does. */
export function planSwarmRemoval(
  swarm: ObservedSwarm,
  named: readonly string[],
): Pick<Plan<SwarmStep>, "changes" | "blocked"> {
  const context = { swarm, abandoned: abandonedNodes(swarm, named), changes: [], blocked: [] };
  for (const service of swarm.services) end(context, service, "destroy");
  return { changes: forgetting(sortChanges(context.changes, []), swarm.secrets), blocked: context.blocked };
}

/** Secrets that nothing uses any more go last. */
function forgetting(changes: readonly SwarmChange[], secrets: ObservedSwarm["secrets"]): SwarmChange[] {
  const forget = secrets.map(({ name }): SwarmStep => ({ op: "forget", secret: name }));
  return rewrite(changes, (change) => ({ ...change, finish: [...change.finish, ...forget] }));
}

function leavingBecause(service: ObservedService, { spec }: Wanted): string {
  return appOf(service) === spec.app ? "type removed" : `app renamed to ${spec.app}`;
}
