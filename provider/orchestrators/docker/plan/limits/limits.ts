import type { Change } from "../../../../core/model/change";
import type { Draft } from "../draft";
import { demands, endedBy, isUp } from "./demand";
import type { ObservedInstance } from "../../../../core/model/observed";
import { limitsOf, type Limit } from "./pools";
import { schedule } from "./schedule";

/**
 * Orders changes so that no limit is exceeded at any moment, in whatever order they are carried out: a change takes
 * only what is free from the start, or what the changes that it then needs leave. A change that fits anyway does not
 * wait. Where a process and its successor do not fit side by side, the process is stopped first.
 *
 * @param instances all containers, wherever they are
 */
export function withinLimits(
  context: Draft,
  changes: readonly Change[],
  instances: readonly ObservedInstance[],
): readonly Change[] {
  const pools = limitsOf(context);
  if (pools === undefined) return changes;
  const ended = endedBy(changes, instances);
  const demandsOf = demands(pools, instances, changes, ended);
  const wanted = new Map<Limit, number>();
  for (const change of changes)
    for (const { pool, take } of demandsOf(change)) if (take > 0) wanted.set(pool, (wanted.get(pool) ?? 0) + take);

  const held = new Map<Limit, number>();
  const hold = (pool: Limit, amount: number) => held.set(pool, (held.get(pool) ?? 0) + amount);
  for (const instance of instances) {
    if (isUp(instance)) for (const [pool, amount] of pools.ofOld(instance, ended.has(instance))) hold(pool, amount);
    for (const pool of pools.counts(instance.host)) hold(pool, 1);
  }
  const tight = [...wanted].filter(([pool, amount]) => (held.get(pool) ?? 0) + amount > pool.most);
  if (tight.length === 0) return changes;
  const free = new Map(tight.map(([pool]) => [pool, pool.most - (held.get(pool) ?? 0)]));
  return schedule(changes, free, demandsOf, context.blocked);
}
