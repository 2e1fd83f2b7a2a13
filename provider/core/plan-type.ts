import { windowOf } from "./budget";
import { plainChange, removal, slotOf, type Change, type Reason, type Step } from "./change";
import { beyondRepair, changedByHand, repairOf, type Why } from "./condition";
import { endings, type Context } from "./context";
import { departure, departureCause } from "./departure";
import { containerName } from "./names";
import { isRunning, type ContainerState, type ObservedInstance } from "./observed";
import type { ProcessType } from "./process-type";
import { gapOf, replacement } from "./replacement";
import { isFormer } from "./resumption";
import { seat, type Placed, type Seating } from "./seating";
import { obstacles, typePlan, watchOf, type TypePlan, type Watch } from "./type-plan";

/** A container that keeps its slot, and why it is replaced all the same, if it is. */
interface Kept {
  readonly one: ObservedInstance;
  readonly why: Why | undefined;
}

/** What the changes of one type have in common. */
interface Scheme {
  readonly plan: TypePlan;
  readonly watch: Watch;
  /** What has to be gone before a process comes up. */
  readonly before: (index: number, host: string) => readonly Change[];
  /** What happens to the other changes of the type's release when one fails. */
  readonly onFailure: Change["onFailure"];
}

/**
 * All that is to be done for one type.
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
  return plan.stopsFirst
    ? stopFirst({ plan, watch, onFailure }, seats, kept, gone, removed)
    : startFirst({ plan, watch, onFailure, before: obstacles(plan, gone, removed) }, seats, kept, gone);
}

/** What keeps its slot and does not run is left alone while another process with its number runs on, elsewhere. */
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

/** What leaves a host is gone before what takes its place comes up, and only so many at a time are. */
function stopFirst(
  scheme: Omit<Scheme, "before">,
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
  const leave = ({ from }: Placed, needs: readonly Change[]) => {
    const change = from === undefined ? undefined : departure(plan, from, watch, onFailure, needs);
    if (change !== undefined) left.push(change);
    return change;
  };
  const create = (one: Placed, own: Change | undefined, before: Scheme["before"]) => {
    const change = creation({ ...scheme, before }, one);
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
  return [...ends, ...left, ...rises({ ...scheme, before }, kept).changes, ...creations];
}

/** What leaves a host is given up only once what takes its place is there. */
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
  // What does not run yet, and is to run here or, moved, elsewhere.
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
    // Each of these runs in the place of one that keeps its slot and does not run yet.
    ...spare.map((one, at) => removal(one, "move", departureCause(plan.context)(one), awaited.slice(at, at + 1))),
    ...endings(plan.context, idle, "move", departureCause(plan.context)),
  ];
}

function isStopped(placed: Placed | undefined): boolean {
  return placed?.from !== undefined && !isRunning(placed.from);
}

/** What cannot be seen may have ended long ago: what runs for sure stays until that is known. */
function keptBecause({ dark }: Context): string {
  return `kept while ${dark.join(", ")} cannot be reached: what should run there may not run`;
}

/** The first of some kind, at most so many, and all that is left. */
function split<T>(all: readonly T[], is: (one: T) => boolean, most: number): readonly [readonly T[], readonly T[]] {
  const first = new Set(all.filter(is).slice(0, most));
  return [[...first], all.filter((one) => !first.has(one))];
}

function whyReplaced({ outdated, type, context }: TypePlan, one: ObservedInstance): Why | undefined {
  if (one.state === "unknown") return undefined;
  const isJudged = context.wanted.keepsReleases !== true;
  return outdated(one) ?? beyondRepair(one) ?? (isJudged ? changedByHand(one, type) : undefined);
}

/** Whether a failure concerns all of the type: not the repair of one process, or one that is added. */
function isRelease(plan: TypePlan, kept: readonly Kept[], placed: readonly Placed[]): boolean {
  return (
    kept.some(({ why }) => why !== undefined && why.reason !== "repair") ||
    placed.some(({ from }) => from !== undefined && (plan.stopsFirst || plan.outdated(from) !== undefined))
  );
}

/** What is done to the containers that keep their slots. */
function rises(scheme: Scheme, kept: readonly Kept[]): { readonly changes: Change[]; readonly ofStopped: Change[] } {
  const { plan } = scheme;
  const window = windowOf(plan.type, plan.quantity);
  const replacements: Change[] = [];
  const changes: Change[] = [];
  const ofStopped: Change[] = [];
  for (const { one, why } of kept) {
    const before = replacements[replacements.length - window];
    const change = why === undefined ? repair(scheme, one) : replace(scheme, one, why, before);
    if (change === undefined || (!plan.isHeld(one) && !plan.mayStart(one.index))) continue;
    if (why !== undefined) replacements.push(change);
    if (!isRunning(one)) ofStopped.push(change);
    changes.push(change);
  }
  return { changes, ofStopped };
}

/** States in which a container does not serve, and most probably does once it is started. */
const STARTABLE: ReadonlySet<ContainerState> = new Set(["exited", "paused"]);

function replace(scheme: Scheme, one: ObservedInstance, why: Why, predecessor: Change | undefined): Change {
  const { plan, watch, before } = scheme;
  const { type } = plan;
  const { index, host, published } = one;
  const holdsPort = type.bind.port !== undefined && published?.port === type.bind.port;
  // What does not run serves nobody; and what waits for its next start cannot be renamed everywhere.
  const order = holdsPort || !isRunning(one) ? "stop-first" : type.update.order;
  // What ran elsewhere in its place is gone by the time that a release is taken back.
  const back = !holdsPort && STARTABLE.has(one.state) ? type.update.order : order;
  const want = plan.want(index, host, published?.port, order === "stop-first");
  const { steps, ...ways } = replacement(one, want, order, back, watch);
  const wait: Step[] =
    predecessor !== undefined && type.update.delay > 0 ? [{ op: "wait", seconds: type.update.delay }] : [];
  const gap = order === "stop-first" && isRunning(one) ? gapOf(one.stopTimeout) : "";
  return {
    ...{ type: type.name, index, host, singleton: type.singleton },
    ...{ verb: "replace", reason: why.reason, cause: why.cause + gap },
    ...{ steps: [...wait, ...steps], ...ways },
    needs: [...before(index, host), ...(predecessor === undefined ? [] : [predecessor])],
    onFailure: why.reason === "repair" ? "continue" : type.update.failureAction,
  };
}

function repair({ plan, watch, before }: Scheme, one: ObservedInstance): Change | undefined {
  const { type, context } = plan;
  const { index, host } = one;
  const found = repairOf(one, containerName(context.wanted.spec.app, type.name, index), watch.next);
  if (found === undefined) return undefined;
  const at = { type: type.name, index, host, singleton: type.singleton };
  return plainChange({ ...at, ...found, reason: "repair", needs: before(index, host) });
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
