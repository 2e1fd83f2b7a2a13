import { groupBy } from "../../../core/values/group";
import { containerName, formerName } from "../../../core/values/names";
import { isRunning, type ObservedInstance } from "../../../core/model/observed";
import type { TypePlan } from "./type-plan";

export function isFormer(instance: ObservedInstance): boolean {
  return instance.name === formerName(containerName(instance.app, instance.type, instance.index));
}

/**
 * Replacements that were interrupted, as predecessor → successor: the successor has not proved itself yet, and the
 * predecessor is still there. The update resumes from the predecessor, which is the way back.
 */
export function interruptedReplacements(
  plan: TypePlan,
  all: readonly ObservedInstance[],
): ReadonlyMap<ObservedInstance, ObservedInstance> {
  const { wanted } = plan.context;
  const isNamed = (instance: ObservedInstance) =>
    instance.name === containerName(wanted.spec.app, instance.type, instance.index);
  const isProved = (successor: ObservedInstance, former: ObservedInstance) =>
    isRunning(successor) &&
    !isRunning(former) &&
    // With start-first, a predecessor is stopped last, and only because its successor was ready.
    (!plan.stopsFirst || (wanted.remembered?.has(successor.container) ?? true));
  const found = new Map<ObservedInstance, ObservedInstance>();
  for (const seat of groupBy(all, (instance) => `${instance.host} ${instance.index}`).values()) {
    const former = seat.find(isFormer);
    const successor = seat.find(isNamed);
    if (former === undefined || successor === undefined || successor.state === "paused") continue;
    const isGoingOn = plan.outdated(former) !== undefined && plan.outdated(successor) === undefined;
    if (isGoingOn && !isProved(successor, former)) found.set(former, successor);
  }
  return found;
}
