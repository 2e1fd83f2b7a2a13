import { rewrite } from "../../../core/model/change";
import { identityOf } from "../../../core/values/identity";
import { LABEL } from "../../../core/model/labels";
import { sortChanges, type Plan } from "../../../core/plan/plan";
import { orderOf } from "../../../core/inputs/spec";
import type { Draft, SwarmChange, Wanted } from "./draft";
import { desiredSecrets } from "./service/desired";
import { end, inConfig, isSingleton, removal } from "./removal";
import { endFormer, leavingBecause, leavingServices } from "./former";
import { abandonedNodes } from "./nodes";
import { typeOf, type ObservedService, type ObservedSwarm } from "./observed";
import { looseDataFault } from "./data-node";
import { planReplicas } from "./plan-replicas";
import { planSingleton } from "./plan-singleton";
import { afterPortsAreFree, isInTheWay } from "./port-order";
import { withReleaseCommand } from "./release-command";
import type { SwarmStep } from "./step";

/** Plans every change that leads a Swarm from its observed services to the wanted ones. */
export function planSwarm(wanted: Wanted, swarm: ObservedSwarm): Plan<SwarmStep> {
  const { spec, identity, formation } = wanted;
  const labels = {
    [LABEL.app]: spec.app,
    [LABEL.identity]: identityOf(identity.key),
    [LABEL.owner]: identity.owner,
  };
  const secrets = desiredSecrets(spec, identity.key);
  const missing = secrets.filter(({ name }) => !swarm.secrets.some((secret) => secret.name === name));
  const draft = {
    wanted,
    swarm,
    abandoned: abandonedNodes(swarm, spec.abandonedNodes),
    secrets: missing.map((want): SwarmStep => ({ op: "secret", want, labels })),
    changes: [],
    blocked: [],
    shortages: [],
  } satisfies Omit<Draft, "former">;
  // Singletons first: one under its new name waits for the one under its old name. Other services go when their
  // successors run.
  const context: Draft = { ...draft, former: endFormer(draft) };
  for (const type of spec.types)
    if ((formation[type.name] ?? 0) > 0) context.shortages.push(...[looseDataFault(swarm, type) ?? []].flat());
  for (const type of spec.types) (type.singleton ? planSingleton : planReplicas)(context, type);
  const planned = withLeaving(context);
  const changes = withReleaseCommand(context, sortChanges(planned, orderOf(spec)));
  const unused = swarm.secrets.filter((secret) => !secrets.some(({ name }) => name === secret.name));
  return {
    changes: forgetting(changes, wanted.keepsReleases === true ? [] : unused),
    blocked: context.blocked,
    shortages: context.shortages,
    notes: spec.types
      .filter((type) => type.failover && (formation[type.name] ?? 0) > 0)
      .map(
        ({ name }) =>
          `${name} may run twice for as long as its node is cut off, frozen, or without its engine (singleton: "failover")`,
      ),
  };
}

/**
 * Adds the ends of services that are no singletons: each when its successor runs, or before that, if it has the
 * successor's port.
 */
function withLeaving(context: Draft): SwarmChange[] {
  const { swarm, wanted, former, changes } = context;
  const ending = (service: ObservedService) => ({
    service,
    cause: leavingBecause(service, wanted),
    isStrict: false,
  });
  const leaving = leavingServices(swarm, wanted).filter((service) => !former.ends.has(service));
  const inTheWay = leaving.filter((service) => isInTheWay(service, changes));
  const firsts = new Map(inTheWay.map((service) => [service, removal(context, ending(service))]));
  const planned = afterPortsAreFree(changes, new Map([...former.ends, ...firsts]));
  const lasts = leaving
    .filter((service) => !firsts.has(service))
    .flatMap((service) => {
      const successors = planned.filter((change) => change.type === typeOf(service) && change.verb === "create");
      return removal(context, ending(service), successors);
    });
  return [...planned, ...[...firsts.values()].flat(), ...lasts];
}

/** Ends everything, as a delete does. */
export function planSwarmRemoval(
  swarm: ObservedSwarm,
  named: readonly string[],
): Pick<Plan<SwarmStep>, "changes" | "blocked"> {
  const context = { swarm, abandoned: abandonedNodes(swarm, named), changes: [], blocked: [] };
  for (const service of swarm.services)
    end(context, { service, cause: "destroy", isStrict: isSingleton(service) }, inConfig);
  return { changes: forgetting(sortChanges(context.changes, []), swarm.secrets), blocked: context.blocked };
}

/** Removes the secrets that nothing uses any more, last of all. */
function forgetting(changes: readonly SwarmChange[], secrets: ObservedSwarm["secrets"]): SwarmChange[] {
  const forget = secrets.map(({ name }): SwarmStep => ({ op: "forget", secret: name }));
  return rewrite(changes, (change) => ({ ...change, finish: [...change.finish, ...forget] }));
}
