import { removal, type Change, type Step } from "./change";
import { contextOf, endings, isAtHome, type Blocked, type Wanted } from "./context";
import { compare, sortTypes } from "./formation";
import { groupBy } from "./group";
import { withinLimits } from "./limits";
import { ONE_OFF, RELEASE } from "./names";
import type { ObservedHost } from "./observed";
import { planType } from "./plan-type";
import { withReleaseCommand } from "./release-command";
import { orderOf } from "./spec";

export interface Plan<S = Step> {
  /** Every change that leads from what was observed to what is wanted, in the order of the text. */
  readonly changes: readonly Change<S>[];
  /** What has to be left undone, and why: an `up` does the rest and fails with these. */
  readonly blocked: readonly Blocked[];
  /** What has no place on any host: nothing at all may be done. */
  readonly shortages: readonly string[];
  /** What a person should know before saying yes. */
  readonly notes: readonly string[];
}

export function plan(wanted: Wanted, observed: readonly ObservedHost[]): Plan {
  const { spec, keepsReleases = false } = wanted;
  const context = contextOf(wanted, observed);
  const { placer, rooms, blocked, shortages } = context;
  // Of a host that somebody vouches for there is nothing left to remember.
  const seen = observed.filter((host) => host.lost === undefined || rooms.get(host.name)?.abandoned !== true);
  const instances = seen.flatMap((host) => host.instances).filter((one) => one.type !== ONE_OFF);
  const byType = groupBy(instances, (one) => one.type);
  const declared = new Set([RELEASE, ...orderOf(spec)]);

  const undeclared = sortTypes(byType.keys(), orderOf(spec)).filter((name) => !declared.has(name));
  // A type that is a singleton now may have had another name, and have been none then: it waits for all that leaves.
  const leaving = undeclared.flatMap((name) => byType.get(name) ?? []);
  if (keepsReleases) context.withheld.push(...leaving);
  const removed = keepsReleases ? [] : endings(context, leaving, "scale", () => "type removed");
  // Every process that stays has its place before the first new one is given any.
  for (const type of spec.types)
    for (const one of byType.get(type.name) ?? []) if (isAtHome(context, one)) placer.occupy(one.host, type);
  const changes = spec.types.flatMap((type) => planType(context, type, byType.get(type.name) ?? [], removed));

  const sorted = sortChanges([...removed, ...changes], orderOf(spec));
  shortages.push(...placer.overfull());
  // What an interrupted release has left of its command is gone before anything else, and has no place.
  const [leftovers, running] = [byType.get(RELEASE) ?? [], instances.filter(({ type }) => type !== RELEASE)];
  const fitting = withinLimits(context, sorted, running);
  // Two of a singleton may run: the old copy on a host that was thought to be off goes before anything else.
  const isOldCopy = ({ singleton, verb, host, needs }: Change) =>
    singleton && verb === "remove" && needs.length === 0 && rooms.get(host)?.abandoned === true;
  const firsts = fitting.filter(isOldCopy);
  const rest = firsts.length === 0 ? fitting : fitting.filter((change) => !isOldCopy(change));
  return {
    changes: withReleaseCommand(context, firsts, rest, leftovers, running.length === 0),
    ...{ blocked, shortages, notes: [] },
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

/** In the order of the plan's text. */
export function sortChanges<S>(changes: readonly Change<S>[], order: readonly string[]): Change<S>[] {
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
