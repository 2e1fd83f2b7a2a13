import { windowOf } from "../../../core/guards/connections";
import type { Change } from "../../../core/model/change";
import { endings } from "./draft";
import { removalOfMoved, departureCause } from "./departure";
import { isRunning } from "../../../core/model/observed";
import { repairsAndReplacements, type Keeper, type Scheme } from "./type-changes";
import type { Seating } from "./seating";
import type { Placed } from "./slots";
import { obstacles } from "./type-plan";
import { creation } from "./creation";

/** Removes processes from the hosts that they leave before their successors come up, only so many at a time. */
export function stopFirst(
  scheme: Omit<Scheme, "before" | "returning">,
  { placed, excess }: Seating,
  kept: readonly Keeper[],
  gone: readonly Change[],
  removed: readonly Change[],
): Change[] {
  const { plan, watch, onFailure } = scheme;
  const ends = [...gone, ...endings(plan.context, excess, "move", departureCause(plan.context))];
  const isRolled =
    !plan.type.singleton && placed.every(({ from, index }) => from === undefined || from.index === index);
  const window = isRolled && plan.type.bind.port === undefined ? windowOf(plan.type, plan.quantity) : Infinity;
  const left: Change[] = [];
  const creations: Change[] = [];
  const returning = new Set(placed.flatMap(({ from }) => (from !== undefined && isRunning(from) ? from.index : [])));
  const leave = ({ from }: Placed, needs: readonly Change[]) => {
    const change = from === undefined ? undefined : removalOfMoved(plan, from, watch, onFailure, needs);
    if (change !== undefined) left.push(change);
    return change;
  };
  const create = (one: Placed, own: Change | undefined, before: Scheme["before"]) => {
    const change = creation({ ...scheme, before, returning }, one);
    creations.push(
      own === undefined || change.needs.includes(own) ? change : { ...change, needs: [...change.needs, own] },
    );
  };
  if (Number.isFinite(window)) {
    const before = obstacles(plan, ends, removed);
    const moves: Change[] = [];
    for (const one of placed) {
      const earlier = moves[moves.length - window];
      const own = leave(one, earlier === undefined ? [] : [earlier]);
      create(one, own, before);
      const made = creations.at(-1);
      if (own !== undefined && made !== undefined) moves.push(made);
    }
  } else {
    const own = placed.map((one) => leave(one, []));
    const before = obstacles(plan, [...ends, ...left], removed);
    for (const [at, one] of placed.entries()) create(one, own[at], before);
  }
  const before = obstacles(plan, [...ends, ...left], removed);
  return [...ends, ...left, ...repairsAndReplacements({ ...scheme, before, returning }, kept).changes, ...creations];
}
