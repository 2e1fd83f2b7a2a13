import { groupBy } from "./group";
import { containerName, formerName } from "./names";
import { isRunning, type ObservedInstance } from "./observed";
import type { TypePlan } from "./type-plan";

export function isFormer(one: ObservedInstance): boolean {
  return one.name === formerName(containerName(one.app, one.type, one.index));
}

/**
 * Replacements that were interrupted, as predecessor → successor: the successor has not proved itself yet, and the
 * predecessor is still there. The update resumes from the predecessor, which is the way back.
 */
export function cutOff(
  plan: TypePlan,
  all: readonly ObservedInstance[],
): ReadonlyMap<ObservedInstance, ObservedInstance> {
  const { wanted } = plan.context;
  const isNamed = (one: ObservedInstance) => one.name === containerName(wanted.spec.app, one.type, one.index);
  const isProved = (successor: ObservedInstance, former: ObservedInstance) =>
    isRunning(successor) &&
    !isRunning(former) &&
    // With start-first, a predecessor is stopped last, and only because its successor was ready.
    (!plan.stopsFirst || (wanted.remembered?.has(successor.container) ?? true));
  const found = new Map<ObservedInstance, ObservedInstance>();
  for (const seat of groupBy(all, (one) => `${one.host} ${one.index}`).values()) {
    const former = seat.find(isFormer);
    const successor = seat.find(isNamed);
    if (former === undefined || successor === undefined || successor.state === "paused") continue;
    const isGoingOn = plan.outdated(former) !== undefined && plan.outdated(successor) === undefined;
    if (isGoingOn && !isProved(successor, former)) found.set(former, successor);
  }
  return found;
}
