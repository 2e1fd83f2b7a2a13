import { windowOf } from "./budget";
import { removal, slotOf, type Change, type Reason } from "./change";
import { beyondRepair, changedByHand, type Why } from "./condition";
import { endings, type Context } from "./context";
import { departure, departureCause } from "./departure";
import { isRunning, type ObservedInstance } from "./observed";
import type { ProcessType } from "./process-type";
import { isFormer } from "./resumption";
import { rises, type Kept, type Scheme } from "./rises";
import { seat, type Seating } from "./seating";
import type { Placed } from "./slots";
import { obstacles, typePlan, watchOf, type TypePlan } from "./type-plan";

/**
 * Plans everything for one type.
 *
 * @param all the type's containers, wherever they are
 * @param removed removals of types that are no longer declared: one of them may have got this type's name
 */
export function planType(
  context: Context,
  type: ProcessType,
  all: readonly ObservedInstance[],
  removed: readonly Change[],
): Change[] {
  const plan = typePlan(context, type, all);
  const seats = seat(plan, all);
  const kept = withoutDoubles(context, seats).map((one): Kept => ({ one, why: whyReplaced(plan, one) }));
  const onFailure = isRelease(plan, kept, seats.placed) ? type.update.failureAction : "continue";
  const watch = watchOf(
    type,
    kept.some(({ one, why }) => isRunning(one) && why === undefined),
  );
  const gone = [
    ...endings(context, seats.twins, "repair", (one) =>
      isFormer(one) ? "left by an interrupted release" : `twin of ${slotOf(one)}`,
    ),
    ...endings(context, seats.surplus, "scale", () => "scale down"),
  ];
  const before = obstacles(plan, gone, removed);
  return plan.stopsFirst
    ? stopFirst({ plan, watch, onFailure }, seats, kept, gone, removed)
    : startFirst({ plan, watch, onFailure, before, returning: new Set() }, seats, kept, gone);
}

/** Leaves a stopped container alone while another one of the same slot still runs on another host. */
function withoutDoubles({ blocked }: Context, { kept, staying }: Seating): ObservedInstance[] {
  const running = new Map(staying.filter(isRunning).map((one) => [one.index, one]));
  return kept.filter((one) => {
    const other = running.get(one.index);
    if (other === undefined || isRunning(one)) return true;
    blocked.push({
      slot: slotOf(one),
      host: one.host,
      why: `not started on ${one.host} while it runs on ${other.host}`,
    });
    return false;
  });
}

/** Removes processes from the hosts that they leave before their successors come up, only so many at a time. */
function stopFirst(
  scheme: Omit<Scheme, "before" | "returning">,
  { placed, excess }: Seating,
  kept: readonly Kept[],
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
    const change = from === undefined ? undefined : departure(plan, from, watch, onFailure, needs);
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
  return [...ends, ...left, ...rises({ ...scheme, before, returning }, kept).changes, ...creations];
}

/** Removes processes from the hosts that they leave only once their successors are ready. */
function startFirst(
  scheme: Scheme,
  { placed, excess }: Seating,
  kept: readonly Kept[],
  gone: readonly Change[],
): Change[] {
  const { plan, watch, onFailure } = scheme;
  const creations = placed.map((one) => creation(scheme, one));
  const { changes, ofStopped } = rises(scheme, kept);
  const left = placed.flatMap(({ from }, at) => {
    const successor = creations[at];
    return from === undefined || successor === undefined
      ? []
      : (departure(plan, from, watch, onFailure, [successor]) ?? []);
  });
  // Changes that bring up a process which does not run yet, on its host or, moved, on another.
  const awaited = [...ofStopped, ...creations.filter((_, at) => isStopped(placed[at]))];
  const [spare, rest] = split(excess, isRunning, awaited.length);
  const [reserve, idle] = split(rest, isRunning, kept.filter(({ one }) => one.state === "unknown").length);
  plan.context.blocked.push(
    ...reserve.map((one) => ({ slot: slotOf(one), host: one.host, why: keptBecause(plan.context) })),
  );
  return [
    ...gone,
    ...changes,
    ...creations,
    ...left,
    // Each of these runs in the place of a process that keeps its slot and does not run yet.
    ...spare.map((one, at) => removal(one, "move", departureCause(plan.context)(one), awaited.slice(at, at + 1))),
    ...endings(plan.context, idle, "move", departureCause(plan.context)),
  ];
}

function isStopped(placed: Placed | undefined): boolean {
  return placed?.from !== undefined && !isRunning(placed.from);
}

/** Reason to keep a process that runs for certain: those on unreachable hosts may have ended long ago. */
function keptBecause({ dark }: Context): string {
  return `kept while ${dark.join(", ")} cannot be reached: what should run there may not run`;
}

/** Splits off the first items of some kind, at most so many. */
function split<T>(all: readonly T[], is: (one: T) => boolean, most: number): readonly [readonly T[], readonly T[]] {
  const first = new Set(all.filter(is).slice(0, most));
  return [[...first], all.filter((one) => !first.has(one))];
}

function whyReplaced({ outdated, type, context }: TypePlan, one: ObservedInstance): Why | undefined {
  if (one.state === "unknown") return undefined;
  const isJudged = context.wanted.keepsReleases !== true;
  return outdated(one) ?? beyondRepair(one) ?? (isJudged ? changedByHand(one, type) : undefined);
}

/** True when a failure concerns all of the type: not for the repair of one process, or one that is added. */
function isRelease(plan: TypePlan, kept: readonly Kept[], placed: readonly Placed[]): boolean {
  return (
    kept.some(({ why }) => why !== undefined && why.reason !== "repair") ||
    placed.some(({ from }) => from !== undefined && (plan.stopsFirst || plan.outdated(from) !== undefined))
  );
}

function creation({ plan, watch, before, onFailure }: Scheme, { index, host, from }: Placed): Change {
  const { type } = plan;
  const want = plan.want(index, host);
  const reason: Reason = from === undefined ? "scale" : (plan.outdated(from)?.reason ?? "move");
  const cause = from === undefined ? "scale up" : `from ${from.host === host ? from.app : from.host}`;
  return {
    ...{ type: type.name, index, host, singleton: type.singleton, verb: "create", reason, cause },
    steps: [
      { op: "run", want },
      { op: "ready", container: want.name, readiness: watch.next },
    ],
    needs: before(index, host),
    undo: [{ op: "discard", want }],
    finish: [],
    onFailure,
  };
}
