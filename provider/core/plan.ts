import { plainChange, removal, slotOf, type Change } from "./change";
import { releaseDigest } from "./configuration";
import { desiredOneOff, type Identity } from "./desired";
import { compare, sortTypes, type Formation } from "./formation";
import { ONE_OFF, RELEASE } from "./names";
import { imageAt, type ObservedHost, type ObservedInstance } from "./observed";
import { placer, type Placer, type Room } from "./placement";
import { planType } from "./plan-type";
import { orderOf, type Spec } from "./spec";
import { isKnown } from "./unknown";

/** What is to run, where, and whose it is. */
export interface Wanted {
  readonly spec: Spec;
  /** A quantity for each type of the spec. */
  readonly formation: Formation;
  /** The declared hosts, in their order. */
  readonly rooms: readonly Room[];
  readonly identity: Identity;
  /** Containers that the last update left, by id; `undefined` when nothing is remembered of this app. */
  readonly remembered?: ReadonlySet<string>;
  /** What the release command was last run for, see `releaseDigest`. */
  readonly released?: string;
  /** Whether processes are to be moved until every type is spread evenly. */
  readonly rebalance?: boolean;
}

export interface Plan {
  /** Every change that leads from what was observed to what is wanted, in the order of the text. */
  readonly changes: readonly Change[];
  /** What has to be left undone, and why: an `up` does the rest and fails with these. */
  readonly blocked: readonly Blocked[];
  /** What has no place on any host: nothing at all may be done. */
  readonly shortages: readonly string[];
}

interface Blocked {
  readonly slot: string;
  readonly host: string;
  readonly why: string;
}

/** One type's plan in the making: what the whole formation shares. */
export interface Context {
  readonly wanted: Wanted;
  readonly hosts: ReadonlyMap<string, ObservedHost>;
  readonly placer: Placer;
  /** Host ports that our processes hold, by host. */
  readonly taken: ReadonlyMap<string, Set<number>>;
  /** Hosts that cannot be reached, and that nobody vouches for. */
  readonly dark: readonly string[];
  readonly changes: Change[];
  readonly blocked: Blocked[];
  readonly shortages: string[];
}

export function plan(wanted: Wanted, observed: readonly ObservedHost[]): Plan {
  const { spec } = wanted;
  const abandoned = new Set(wanted.rooms.filter((room) => room.abandoned).map((room) => room.name));
  const seen = observed.flatMap((host) => (host.lost !== undefined && abandoned.has(host.name) ? [] : host.instances));
  const instances = seen.filter((one) => one.type !== ONE_OFF);
  const types = new Map(spec.types.map((type) => [type.name, type]));
  const byType = groupBy(instances, (one) => one.type);
  const context: Context = {
    wanted,
    hosts: new Map(observed.map((host) => [host.name, host])),
    placer: placer(wanted.rooms, observed),
    taken: portsTaken(observed),
    dark: observed.filter((host) => host.lost !== undefined && !abandoned.has(host.name)).map((host) => host.name),
    ...{ changes: [], blocked: [], shortages: [] },
  };

  // Types that are no longer declared first: a singleton under its new name waits for the one under its old name.
  for (const name of sortTypes(byType.keys(), orderOf(spec)).filter((name) => !types.has(name) && name !== RELEASE))
    for (const one of byType.get(name) ?? []) end(context, one, "type removed");
  const isStaying = (one: ObservedInstance) => stays(one, wanted, abandoned);
  // Every process that stays has its place before the first new one is given any.
  for (const type of spec.types)
    for (const one of byType.get(type.name) ?? []) if (isStaying(one)) context.placer.occupy(one.host, type);
  for (const type of spec.types) planType(context, type, byType.get(type.name) ?? [], isStaying);

  const sorted = sortChanges(context.changes, orderOf(spec));
  return {
    changes: withReleaseCommand(context, sorted, byType.get(RELEASE) ?? [], instances.length === 0),
    blocked: context.blocked,
    shortages: context.shortages,
  };
}

/** Ends everything: what a delete does. */
export function planRemoval(hosts: readonly ObservedHost[], order: readonly string[] = []): Change[] {
  const instances = hosts.flatMap((host) => host.instances);
  return sortChanges(
    instances.map((instance) => removal(instance, "scale", "destroy")),
    order,
  );
}

/** Removes a container, or says why that must wait. */
export function end(context: Context, one: ObservedInstance, cause: string): void {
  if (one.state === "unknown") {
    const why = `${cause}, but ${one.host} cannot be reached`;
    context.blocked.push({ slot: slotOf(one), host: one.host, why });
  } else context.changes.push(removal(one, "scale", cause));
}

function stays(one: ObservedInstance, { spec, rooms }: Wanted, abandoned: ReadonlySet<string>): boolean {
  return one.app === spec.app && !abandoned.has(one.host) && rooms.some((room) => room.name === one.host);
}

function portsTaken(observed: readonly ObservedHost[]): ReadonlyMap<string, Set<number>> {
  const ports = (host: ObservedHost) => host.instances.flatMap((one) => one.published?.port ?? []);
  return new Map(observed.map((host) => [host.name, new Set(ports(host))]));
}

/**
 * The release command goes first, once per release, and everything waits for it. A change of quantities alone is no
 * release, and neither is the repair of what runs already.
 */
function withReleaseCommand(
  { wanted, hosts }: Context,
  changes: readonly Change[],
  leftovers: readonly ObservedInstance[],
  isFirst: boolean,
): Change[] {
  const { spec, identity, rooms } = wanted;
  const cleared = leftovers.map((one) => removal(one, "repair", "left by an interrupted release"));
  const isRelease = isFirst || changes.some((change) => change.verb === "replace" && change.reason === "release");
  const room = rooms.find((one) => !one.abandoned && hosts.get(one.name)?.lost === undefined);
  if (spec.release === undefined || room === undefined || changes.length === 0 || !isRelease)
    return [...cleared, ...changes];
  const due = releaseDigest(spec, imageAt(hosts.get(room.name)), identity.key);
  if (isKnown(due) && due === wanted.released) return [...cleared, ...changes];
  const command = plainChange({
    ...{ type: RELEASE, index: 1, host: room.name, singleton: true, verb: "run", reason: "release" },
    cause: "before this release",
    needs: cleared,
    steps: [
      {
        op: "once",
        want: desiredOneOff(spec, RELEASE, 1, spec.release.command, identity),
        timeout: spec.release.timeout,
      },
    ],
  });
  const waiting = new Map<Change, Change>();
  const later = (change: Change): Change => {
    const known = waiting.get(change);
    if (known !== undefined) return known;
    const waits = { ...change, needs: [...change.needs.map(later), command] };
    waiting.set(change, waits);
    return waits;
  };
  return [...cleared, command, ...changes.map(later)];
}

function sortChanges(changes: readonly Change[], order: readonly string[]): Change[] {
  const types = sortTypes(new Set(changes.map((change) => change.type)), order);
  const rank = new Map(types.map((type, at) => [type, at]));
  return [...changes].sort(
    (a, b) =>
      (rank.get(a.type) ?? 0) - (rank.get(b.type) ?? 0) ||
      a.index - b.index ||
      compare(a.verb, b.verb) ||
      compare(a.host, b.host),
  );
}

function groupBy<T>(items: readonly T[], key: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const group = groups.get(key(item));
    if (group === undefined) groups.set(key(item), [item]);
    else group.push(item);
  }
  return groups;
}
