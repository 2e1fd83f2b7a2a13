import { removal, slotOf, type Change } from "../../../core/model/change";
import { endings, type Draft } from "./draft";
import { removalOfMoved, departureCause } from "./departure";
import { isRunning } from "../../../core/model/observed";
import { repairsAndReplacements, type Keeper, type Scheme } from "./type-changes";
import type { Seating } from "./seating";
import type { Placed } from "./slots";
import { creation } from "./creation";

/** Removes processes from the hosts that they leave only once their successors are ready. */
export function startFirst(
  scheme: Scheme,
  { placed, excess }: Seating,
  kept: readonly Keeper[],
  gone: readonly Change[],
): Change[] {
  const { plan, watch, onFailure } = scheme;
  const creations = placed.map((one) => creation(scheme, one));
  const { changes, ofStopped } = repairsAndReplacements(scheme, kept);
  const left = placed.flatMap(({ from }, at) => {
    const successor = creations[at];
    return from === undefined || successor === undefined
      ? []
      : (removalOfMoved(plan, from, watch, onFailure, [successor]) ?? []);
  });
  // Changes that bring up a process which does not run yet, on its host or, moved, on another.
  const awaited = [...ofStopped, ...creations.filter((_, at) => isStopped(placed[at]))];
  const [spare, rest] = split(excess, isRunning, awaited.length);
  const [reserve, idle] = split(rest, isRunning, kept.filter(({ one }) => one.state === "unknown").length);
  plan.context.blocked.push(
    ...reserve.map((instance) => ({ slot: slotOf(instance), host: instance.host, why: keptBecause(plan.context) })),
  );
  return [
    ...gone,
    ...changes,
    ...creations,
    ...left,
    // Each of these runs in the place of a process that keeps its slot and does not run yet.
    ...spare.map((instance, at) =>
      removal(instance, "move", departureCause(plan.context)(instance), awaited.slice(at, at + 1)),
    ),
    ...endings(plan.context, idle, "move", departureCause(plan.context)),
  ];
}

function isStopped(placed: Placed | undefined): boolean {
  return placed?.from !== undefined && !isRunning(placed.from);
}

/** Reason to keep a process that runs for certain: those on unreachable hosts may have ended long ago. */
function keptBecause({ unreachable }: Draft): string {
  return `kept while ${unreachable.join(", ")} cannot be reached: what should run there may not run`;
}

/** Splits off the first items of some kind, at most so many. */
function split<T>(all: readonly T[], is: (one: T) => boolean, most: number): readonly [readonly T[], readonly T[]] {
  const first = new Set(all.filter(is).slice(0, most));
  return [[...first], all.filter((one) => !first.has(one))];
}
