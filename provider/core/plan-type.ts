import { plainChange, removal, slotOf, type Change, type Readiness, type Reason, type Step } from "./change";
import { windowOf } from "./budget";
import { beyondRepair, outdatedBecause, repairOf } from "./condition";
import { configurationOf, type Configuration } from "./configuration";
import { desiredInstance, type DesiredInstance } from "./desired";
import { containerName, formerName } from "./names";
import { imageAt, type ObservedInstance } from "./observed";
import { end, type Context } from "./plan";
import { hostPortsFor } from "./ports";
import type { ProcessType } from "./process-type";
import { replacement } from "./replacement";
import { assignSlots, type Slots } from "./slots";
import { formatDuration } from "./units";

/** A process of a release that already runs is watched this long: the release itself has been proved. */
const MORE_OF_THE_SAME = 1;

/** Adds all that is to be done for one type to the plan. @param all the type's containers, wherever they are */
export function planType(
  context: Context,
  type: ProcessType,
  all: readonly ObservedInstance[],
  isStaying: (one: ObservedInstance) => boolean,
): void {
  const { wanted, placer } = context;
  const { spec, identity } = wanted;
  const quantity = wanted.formation[type.name] ?? 0;
  const configurations = new Map<number, Configuration>();
  const configurationAt = (index: number) => {
    const known = configurations.get(index) ?? configurationOf(spec, type, index, identity.key);
    configurations.set(index, known);
    return known;
  };
  const outdated = (one: ObservedInstance) =>
    outdatedBecause(one, spec, configurationAt(one.index), imageAt(context.hosts.get(one.host)));

  const staying = all.filter(isStaying);
  const misplaced = misplacedOf(context, type, staying, quantity);
  for (const one of misplaced) placer.vacate(one.host, type);
  const leaving = [...all.filter((one) => !isStaying(one)), ...misplaced];
  const here = staying.filter((one) => !misplaced.has(one));
  const isFormer = (one: ObservedInstance) => one.name === formerName(containerName(spec.app, type.name, one.index));
  // While a predecessor runs, its successor has proved nothing: the release was cut off, and begins again.
  const cutOff = new Set(here.filter((one) => isFormer(one) && one.state === "running").map((one) => one.index));
  const slots = assignSlots(here, quantity, {
    isCurrent: (one) =>
      one.state === "unknown" || (cutOff.has(one.index) ? isFormer(one) : outdated(one) === undefined),
    isNamed: (one) => one.name === containerName(spec.app, type.name, one.index),
    isKnown: (one) => wanted.remembered?.has(one.container) ?? true,
  });
  for (const one of [...slots.surplus, ...slots.twins]) placer.vacate(one.host, type);

  const fixed = type.bind.port;
  const stopsFirst = type.update.order === "stop-first" || fixed !== undefined;
  const interrupted = (one: ObservedInstance) => isFormer(one) || cutOff.has(one.index);
  const ended = endings(context, slots, stopsFirst ? leaving : [], interrupted);
  // What must be confirmed gone before anything of this type comes up.
  const blockers = [
    ...(stopsFirst ? ended.all : ended.twins),
    ...context.changes.filter((change) => type.singleton && change.singleton && change.verb === "remove"),
  ];
  context.changes.push(...ended.all);

  const proved = slots.kept.some((one) => one.state === "running" && outdated(one) === undefined);
  const { monitor } = type.update;
  const http = type.http === undefined ? {} : { http: type.http };
  const former: Readiness = { monitor: Math.min(MORE_OF_THE_SAME, monitor), ...http };
  const readiness = proved ? former : { monitor, ...http };
  const want = (index: number, host: string, freed?: number): DesiredInstance => {
    const taken = context.taken.get(host) ?? new Set<number>();
    if (freed !== undefined) taken.delete(freed);
    const made = desiredInstance(spec, type, index, identity, hostPortsFor(spec.app, type, index, taken));
    if (made.publish?.hostPorts[0] !== undefined) taken.add(made.publish.hostPorts[0]);
    return made;
  };

  const replacements: Change[] = [];
  const others: Change[] = [];
  const window = windowOf(type, quantity);
  for (const one of slots.kept) {
    const { index, host } = one;
    const at = { type: type.name, index, host, singleton: type.singleton };
    const why = one.state === "unknown" ? undefined : (outdated(one) ?? beyondRepair(one));
    if (why !== undefined) {
      const holdsPort = fixed !== undefined && one.published?.port === fixed;
      const order = holdsPort ? "stop-first" : type.update.order;
      const made = want(index, host, order === "stop-first" ? one.published?.port : undefined);
      const { steps, ...ways } = replacement(one, made, order, { next: readiness, former });
      const before = replacements[replacements.length - window];
      const wait: Step[] =
        before !== undefined && type.update.delay > 0 ? [{ op: "wait", seconds: type.update.delay }] : [];
      const gap =
        order === "stop-first" && one.state === "running" ? `, stopped up to ${formatDuration(one.stopTimeout)}` : "";
      replacements.push({
        ...{ ...at, verb: "replace", reason: why.reason, cause: why.cause + gap },
        ...{ steps: [...wait, ...steps], ...ways },
        needs: before === undefined ? blockers : [...blockers, before],
        onFailure: why.reason === "repair" ? "continue" : type.update.failureAction,
      });
    } else {
      const repair = repairOf(one, containerName(spec.app, type.name, index), readiness);
      if (repair !== undefined) others.push(plainChange({ ...at, ...repair, reason: "repair", needs: blockers }));
    }
  }
  const isRelease = replacements.some((change) => change.onFailure !== "continue");
  const creates = placed(context, type, slots.free, leaving).map(({ index, host, from }): Change => {
    const made = want(index, host);
    const [reason, cause]: [Reason, string] =
      from === undefined ? ["scale", "scale up"] : ["release", comingFrom(from, host)];
    return {
      ...plainChange({
        type: type.name,
        index,
        host,
        singleton: type.singleton,
        verb: "create",
        reason,
        cause,
        steps: [],
      }),
      steps: [
        { op: "run", want: made },
        { op: "ready", container: made.name, readiness },
      ],
      needs: blockers,
      undo: [{ op: "discard", want: made }],
      revert: [{ op: "discard", want: made }],
      onFailure: isRelease ? type.update.failureAction : "continue",
    };
  });
  context.changes.push(...replacements, ...others, ...creates);
  if (stopsFirst) return;
  // What moves elsewhere is given up only once its successor runs.
  leaving.forEach((one, at) => {
    if (one.state === "unknown") return end(context, one, leavingBecause(one, context));
    const successor = creates[at];
    context.changes.push(
      removal(one, "release", leavingBecause(one, context), successor === undefined ? [] : [successor]),
    );
  });
}

/** What is on a host that it may not be on, or that rebalancing moves from a host that has too many. */
function misplacedOf(
  { wanted, placer, hosts }: Context,
  type: ProcessType,
  staying: readonly ObservedInstance[],
  quantity: number,
): ReadonlySet<ObservedInstance> {
  const misplaced = new Set(staying.filter((one) => !placer.allows(one.host, type)));
  if (wanted.rebalance !== true) return misplaced;
  const open = wanted.rooms.filter(
    (room) => !room.abandoned && hosts.get(room.name)?.lost === undefined && placer.allows(room.name, type),
  );
  const rest = staying.filter((one) => one.index <= quantity && !misplaced.has(one));
  let spare = open.length === 0 ? 0 : quantity % open.length;
  const share = Math.floor(quantity / Math.max(1, open.length));
  for (const room of open) {
    const own = rest.filter((one) => one.host === room.name).sort((a, b) => a.index - b.index);
    const allowed = own.length > share && spare > 0 ? share + 1 : share;
    if (allowed > share) spare--;
    for (const one of own.slice(allowed)) misplaced.add(one);
  }
  return misplaced;
}

function endings(
  context: Context,
  slots: Slots,
  leaving: readonly ObservedInstance[],
  interrupted: (one: ObservedInstance) => boolean,
) {
  const before = context.changes.length;
  for (const one of slots.surplus) end(context, one, "scale down");
  for (const one of leaving) end(context, one, leavingBecause(one, context));
  const others = context.changes.splice(before);
  const twins = slots.twins.flatMap((one) => {
    const cause = interrupted(one) ? "left by an interrupted release" : `twin of ${slotOf(one)}`;
    if (one.state === "unknown") {
      end(context, one, cause);
      return [];
    }
    return [removal(one, "repair", cause)];
  });
  return { all: [...others, ...twins], twins };
}

interface Placed {
  readonly index: number;
  readonly host: string;
  /** What it takes the place of. */
  readonly from?: ObservedInstance;
}

/** A host for each free slot, or why there is none. */
function placed(
  context: Context,
  type: ProcessType,
  free: readonly number[],
  leaving: readonly ObservedInstance[],
): Placed[] {
  const { blocked, dark, placer, shortages } = context;
  const found: Placed[] = [];
  const homeless: number[] = [];
  for (const [at, index] of free.entries()) {
    // What cannot be seen may run one already.
    if (type.singleton && dark.length > 0) {
      const why = `not started while ${dark.join(", ")} cannot be reached: one may still run there; say abandoned: true on the host if it is off`;
      blocked.push({ slot: slotOf({ type: type.name, index }), host: dark[0] ?? "", why });
      continue;
    }
    const host = placer.place(type);
    const from = leaving[at];
    if (host === undefined) homeless.push(index);
    else found.push({ index, host, ...(from === undefined ? {} : { from }) });
  }
  if (homeless.length === 0) return found;
  const refusal = placer.refusal(type);
  const slots = homeless.length === 1 ? slotOf({ type: type.name, index: homeless[0] ?? 0 }) : undefined;
  const what =
    slots ?? `${homeless.length} of ${free.length + placedBefore(context, type, found)} processes of ${type.name}`;
  if (dark.length > 0) {
    for (const index of homeless)
      blocked.push({ slot: slotOf({ type: type.name, index }), host: dark[0] ?? "", why: `no place: ${refusal}` });
  } else shortages.push(`${what} find no place: ${refusal}: scale ${type.name} down, or add a host`);
  return found;
}

function placedBefore({ wanted, placer }: Context, type: ProcessType, found: readonly Placed[]): number {
  const total = wanted.rooms.reduce((sum, room) => sum + placer.countOf(room.name, type), 0);
  return total - found.length;
}

function leavingBecause(one: ObservedInstance, { wanted }: Context): string {
  const room = wanted.rooms.find((each) => each.name === one.host);
  if (room === undefined) return `${one.host} left the hosts`;
  if (room.abandoned) return `${one.host} was abandoned and is back`;
  return one.app === wanted.spec.app ? "moved to another host" : `app renamed to ${wanted.spec.app}`;
}

function comingFrom(one: ObservedInstance, host: string): string {
  return `from ${one.host === host ? one.app : one.host}`;
}
