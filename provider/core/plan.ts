import { endSteps, removal, type Change, type Reason, type Step, type Verb } from "./change";
import { configurationOf, differences, type Configuration } from "./configuration";
import { desiredInstance, type Identity } from "./desired";
import { compare, sortTypes, type Formation } from "./formation";
import { containerName } from "./names";
import type { ObservedHost, ObservedInstance } from "./observed";
import { hostPortsFor } from "./ports";
import { assignSlots } from "./slots";
import type { ProcessType, Spec } from "./spec";
import { isKnown } from "./unknown";
import { formatDuration } from "./units";

/** What is to run: the spec, a quantity for each of its types, the name of the host it runs on, and whose it is. */
export interface Wanted {
  readonly spec: Spec;
  readonly formation: Formation;
  readonly home: string;
  readonly identity: Identity;
}

/** A process of a release that already runs is watched this long: the release itself has been proved. */
const MORE_OF_THE_SAME = 1;

/** Every change that leads from what was observed to what is wanted, in the order of the text. Empty when all is well. */
export function plan(wanted: Wanted, hosts: readonly ObservedHost[]): Change[] {
  const { spec } = wanted;
  const instances = hosts.flatMap((host) => host.instances);
  const types = new Map(spec.types.map((type) => [type.name, type]));
  const byType = groupBy(instances, (instance) => instance.type);
  const names = sortTypes(new Set([...types.keys(), ...byType.keys()]), [...types.keys()]);

  const changes: Change[] = [];
  const strays: ObservedInstance[] = [];
  // Types that are no longer declared first: a singleton under its new name waits for the one under its old name.
  for (const name of names.filter((name) => !types.has(name))) {
    for (const instance of byType.get(name) ?? []) changes.push(removal(instance, "scale", "type removed"));
  }
  for (const type of spec.types) {
    const all = byType.get(type.name) ?? [];
    const atHome = (one: ObservedInstance) => one.host === wanted.home && one.app === spec.app;
    const moving = all.filter((one) => !atHome(one));
    const here = planType(wanted, type, all.filter(atHome), hosts, changes, moving);
    changes.push(...here);
    if (!stopsFirst(type)) strays.push(...moving);
  }
  // What moved elsewhere is given up only once its successor runs.
  for (const stray of strays) {
    const successors = changes.filter((change) => change.type === stray.type && change.verb !== "remove");
    changes.push(removal(stray, "release", leaving(stray, wanted), successors));
  }
  return sortChanges(changes, [...types.keys()]);
}

/** Ends everything: what a delete does. */
export function planRemoval(hosts: readonly ObservedHost[], order: readonly string[] = []): Change[] {
  const instances = hosts.flatMap((host) => host.instances);
  return sortChanges(
    instances.map((instance) => removal(instance, "scale", "destroy")),
    order,
  );
}

function planType(
  wanted: Wanted,
  type: ProcessType,
  here: readonly ObservedInstance[],
  hosts: readonly ObservedHost[],
  earlier: readonly Change[],
  moving: readonly ObservedInstance[],
): Change[] {
  const { spec, identity } = wanted;
  const quantity = wanted.formation[type.name] ?? 0;
  const imageId = hosts.find((host) => host.name === wanted.home)?.imageId;
  const configuration = configurationOf(spec, type, identity.key);
  const outdated = (one: ObservedInstance) => outdatedBecause(one, spec, configuration, imageId);
  const slots = assignSlots(here, quantity, (one) => outdated(one) === undefined);

  const twins = slots.twins.map((one) => removal(one, "repair", `twin of ${type.name}.${one.index}`));
  const removals = [
    ...slots.surplus.map((one) => removal(one, "scale", "scale down")),
    ...twins,
    ...(stopsFirst(type) ? moving.map((one) => removal(one, "release", leaving(one, wanted))) : []),
  ];
  // What must be confirmed gone before anything of this type comes up.
  const blockers = [
    ...(stopsFirst(type) ? removals : twins),
    ...earlier.filter((change) => type.singleton && change.singleton && change.verb === "remove"),
  ];
  const proved = here.some((one) => one.state === "running" && outdated(one) === undefined);
  const seconds = proved ? Math.min(MORE_OF_THE_SAME, spec.monitor) : spec.monitor;
  const taken = new Set(hosts.flatMap((host) => host.instances.flatMap((one) => one.published?.port ?? [])));
  const run = (index: number, own?: number): Step[] => {
    const want = desiredInstance(spec, type, index, identity, hostPortsFor(spec.app, type, index, taken, own));
    if (want.publish?.hostPorts[0] !== undefined) taken.add(want.publish.hostPorts[0]);
    return [{ op: "run", want }, ...watch(want.name, seconds)];
  };
  const change = (
    index: number,
    verb: Verb,
    reason: Reason,
    cause: string,
    steps: Step[],
    needs: readonly Change[],
  ): Change => ({
    ...{ type: type.name, index, host: wanted.home, singleton: type.singleton, verb, reason, cause, steps, needs },
  });

  const replacements: Change[] = [];
  const others: Change[] = [];
  const batch = Math.max(1, Math.ceil(quantity / 4));
  for (const one of slots.kept) {
    const why = outdated(one) ?? beyondRepair(one);
    if (why !== undefined) {
      // A quarter at a time, and each quarter only when the one before it runs: a bad release stops early.
      const from = Math.floor(replacements.length / batch) * batch;
      const previous = replacements.slice(Math.max(0, from - batch), from);
      const gap = type.singleton ? `, stopped up to ${formatDuration(one.stopTimeout)}` : "";
      const steps = [
        ...endSteps(one),
        ...run(one.index, one.published?.address === type.bind.address ? one.published.port : undefined),
      ];
      replacements.push(change(one.index, "replace", why.reason, why.cause + gap, steps, [...blockers, ...previous]));
    } else {
      const { verb, cause, steps } = repair(one, containerName(spec.app, type.name, one.index), seconds);
      if (verb !== undefined) others.push(change(one.index, verb, "repair", cause, steps, blockers));
    }
  }
  const arriving = moving[0];
  const [reason, cause]: [Reason, string] =
    arriving === undefined
      ? ["scale", "scale up"]
      : ["release", `from ${arriving.host === wanted.home ? arriving.app : arriving.host}`];
  const creates = slots.free.map((index) => change(index, "create", reason, cause, run(index), blockers));
  return [...removals, ...replacements, ...others, ...creates];
}

/** A process with a fixed port cannot start while its predecessor holds it, and a singleton must not. */
function stopsFirst(type: ProcessType): boolean {
  return type.singleton || type.bind.port !== undefined;
}

function leaving(one: ObservedInstance, { spec, home }: Wanted): string {
  return one.host === home ? `app renamed to ${spec.app}` : `moved to ${home}`;
}

type Why = { readonly reason: Reason; readonly cause: string };

function outdatedBecause(
  one: ObservedInstance,
  spec: Spec,
  wanted: Configuration,
  imageId: string | undefined,
): Why | undefined {
  const causes: string[] = [];
  const { changed, later } = differences(wanted, one.configuration);
  if (!isKnown(spec.image)) later.unshift("image" as never);
  else if (spec.image !== one.image) causes.push(`image ${one.image} → ${spec.image}`);
  else if (imageId !== undefined && imageId !== one.imageId) causes.push(`image ${spec.image} rebuilt`);
  if (changed.length > 0) causes.push(`${changed.join(", ")} changed`);
  if (causes.length === 0 && later.length > 0) causes.push(`if ${later.join(", ")} changes: known at up`);
  return causes.length === 0 ? undefined : { reason: "release", cause: causes.join(", ") };
}

function beyondRepair(one: ObservedInstance): Why | undefined {
  const causes: Partial<Record<ObservedInstance["state"], string>> = {
    restarting: "crash loop",
    dead: "dead",
    removing: "being removed",
  };
  const cause = causes[one.state];
  return cause === undefined ? undefined : { reason: "repair", cause };
}

function repair(one: ObservedInstance, name: string, seconds: number): { verb?: Verb; cause: string; steps: Step[] } {
  const { container } = one;
  const renamed: Step[] = one.name === name ? [] : [{ op: "rename", container, name }];
  const restart = (verb: Verb, op: "start" | "unpause", cause: string) => ({
    ...{ verb, cause, steps: [...renamed, { op, container } as const, ...watch(container, seconds)] },
  });
  if (one.state === "paused") return restart("unpause", "unpause", "paused by hand");
  if (one.state === "created") return restart("start", "start", "created, never started");
  if (one.state === "exited") return restart("start", "start", "not running");
  return renamed.length === 0
    ? { cause: "", steps: [] }
    : { verb: "rename", cause: `renamed to ${one.name}`, steps: renamed };
}

function watch(container: string, seconds: number): Step[] {
  return seconds === 0 ? [] : [{ op: "watch", container, seconds }];
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
