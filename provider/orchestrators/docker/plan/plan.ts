import { removal, type Change } from "../../../core/model/change";
import { draftOf, endings, isAtHome, type Wanted } from "./draft";
import { sortTypes } from "../../../core/values/formation";
import { groupBy } from "../../../core/values/group";
import { withinLimits } from "./limits/limits";
import { ONE_OFF, RELEASE } from "../../../core/values/names";
import type { ObservedHost } from "../../../core/model/observed";
import { sortChanges, type Plan } from "../../../core/plan/plan";
import { planType } from "./plan-type";
import { withReleaseCommand } from "./release-command";
import { orderOf } from "../../../core/inputs/spec";

export function plan(wanted: Wanted, observed: readonly ObservedHost[]): Plan {
  const { spec, keepsReleases = false } = wanted;
  const context = draftOf(wanted, observed);
  const { placer, rooms, blocked, shortages } = context;
  // An abandoned host that cannot be reached has no containers as far as the plan is concerned.
  const seen = observed.filter((host) => host.unreachable === undefined || rooms.get(host.name)?.abandoned !== true);
  const instances = seen.flatMap((host) => host.instances).filter((instance) => instance.type !== ONE_OFF);
  const byType = groupBy(instances, (instance) => instance.type);
  const declared = new Set([RELEASE, ...orderOf(spec)]);

  const undeclared = sortTypes(byType.keys(), orderOf(spec)).filter((name) => !declared.has(name));
  // A type that is a singleton now may have had another name, and not have been one: it waits for all removed types.
  const leaving = undeclared.flatMap((name) => byType.get(name) ?? []);
  if (keepsReleases) context.withheld.push(...leaving);
  const removed = keepsReleases ? [] : endings(context, leaving, "scale", () => "type removed");
  // Processes that stay get their places before the first new one does.
  for (const type of spec.types)
    for (const instance of byType.get(type.name) ?? [])
      if (isAtHome(context, instance)) placer.occupy(instance.host, type);
  const changes = spec.types.flatMap((type) => planType(context, type, byType.get(type.name) ?? [], removed));

  const sorted = sortChanges([...removed, ...changes], orderOf(spec));
  shortages.push(...placer.overfull());
  // A container that an interrupted release command has left is removed before anything else, and takes no place.
  const [leftovers, running] = [byType.get(RELEASE) ?? [], instances.filter(({ type }) => type !== RELEASE)];
  const fitting = withinLimits(context, sorted, running);
  // A singleton may run twice when a host that was thought to be off is back: its old copy goes before anything else.
  const isOldCopy = ({ singleton, verb, host, needs }: Change) =>
    singleton && verb === "remove" && needs.length === 0 && rooms.get(host)?.abandoned === true;
  const firsts = fitting.filter(isOldCopy);
  const rest = firsts.length === 0 ? fitting : fitting.filter((change) => !isOldCopy(change));
  return {
    changes: withReleaseCommand(context, firsts, rest, leftovers, running.length === 0),
    blocked,
    shortages,
    notes: [],
  };
}

/** Ends everything, as a delete does. */
export function planRemoval(hosts: readonly ObservedHost[], order: readonly string[] = []): Change[] {
  const instances = hosts.flatMap((host) => host.instances);
  return sortChanges(
    instances.map((instance) => removal(instance, "scale", "destroy")),
    order,
  );
}
