import { LABEL } from "../../../core/model/labels";
import { RELEASE } from "../../../core/values/names";
import type { Spec } from "../../../core/inputs/spec";
import type { Draft, Former, SwarmChange, Wanted } from "./draft";
import { end, isSecond, isSingleton } from "./removal";
import { partOf } from "./instances";
import { darkNodes } from "./nodes";
import { appOf, mayRun, typeOf, type ObservedService, type ObservedSwarm, type ObservedTask } from "./observed";
import { emptyingOf } from "./rollout";

// A singleton may have had another name before, as may its app, and it may not have been a singleton then. So a new one
// waits for the end of all services that leave, except those of a declared type that neither is nor was a singleton.

/**
 * Services of types that the program has no more, under names that the app has no more, or beside the type's own
 * service.
 */
export function leavingServices({ services }: ObservedSwarm, { spec, keepsReleases }: Wanted): ObservedService[] {
  // Types that a begun release has added or given up are left to the next release.
  return keepsReleases === true ? [] : allLeaving(services, spec);
}

/** A leaving service that stays for now, and may be the singleton that is to start under another name. */
export function withheldFor({ swarm, wanted }: Pick<Draft, "swarm" | "wanted">): ObservedService | undefined {
  if (wanted.keepsReleases !== true) return undefined;
  const { spec } = wanted;
  return allLeaving(swarm.services, spec).find((service) => mayBeSingleton(spec, typeOf(service), service.spec.Labels));
}

function allLeaving(services: readonly ObservedService[], spec: Spec): ObservedService[] {
  return services
    .filter((service) => appOf(service) !== spec.app || !isDeclared(spec, typeOf(service)) || isSecond(service))
    .filter((service) => typeOf(service) !== RELEASE);
}

export function leavingBecause(service: ObservedService, { spec }: Wanted): string {
  if (appOf(service) !== spec.app) return `app renamed to ${spec.app}`;
  return isDeclared(spec, typeOf(service)) ? `a second service of its type, ${service.spec.Name}` : "type removed";
}

/** Ends all services that may be an old singleton, before anything else is planned. */
export function endFormer(context: Omit<Draft, "former">): Former {
  const { swarm, wanted, abandoned } = context;
  const { spec, formation } = wanted;
  const isAnyNew = spec.types.some((type) => type.singleton && formation[type.name] === 1 && isNew(swarm, spec, type));
  const isStrict = (service: ObservedService) =>
    isSingleton(service) || (isAnyNew && mayBeSingleton(spec, typeOf(service), service.spec.Labels));
  const leaving = leavingServices(swarm, wanted).filter(isStrict);
  const idle = spec.types
    .filter((type) => type.singleton && (formation[type.name] ?? 0) === 0)
    .flatMap((type) => partOf(swarm, spec.app, type.name).service ?? []);
  const ends = new Map<ObservedService, readonly SwarmChange[]>([
    ...leaving.map((service) => {
      const ending = { service, cause: leavingBecause(service, wanted), isStrict: true };
      return [service, end(context, ending)] as const;
    }),
    ...idle.map((service) => [service, end(context, { service, cause: "scale down", isStrict: true })] as const),
  ]);
  const orphans = orphansIn(swarm, spec);
  const ids = new Set([...ends.keys()].map(({ id }) => id));
  const tasks = swarm.tasks.filter((task) => ids.has(task.service) || orphans.includes(task));
  const parts = new Map(orphans.map(({ labels }) => [`${labels[LABEL.app]} ${labels[LABEL.type]}`, labels]));
  return {
    ends,
    orphans: [...parts.values()].map((labels) => emptyingOf(labels, false, abandoned)),
    dark: darkNodes(swarm, tasks, abandoned),
  };
}

/** True when a singleton is to be started where nothing of it runs. */
export function isNew(swarm: ObservedSwarm, { app }: Spec, { name }: { readonly name: string }): boolean {
  const { service, tasks } = partOf(swarm, app, name);
  return service?.spec.Mode.Replicated.Replicas !== 1 || !tasks.some(mayRun);
}

/** Processes that may still run although their service is gone. */
function orphansIn({ services, tasks }: ObservedSwarm, spec: Spec): ObservedTask[] {
  const known = new Set(services.map(({ id }) => id));
  return tasks.filter((task) => {
    const { [LABEL.app]: app = "", [LABEL.type]: type = "" } = task.labels;
    const isOver = app !== spec.app || !isDeclared(spec, type);
    return (
      isOver && type !== RELEASE && !known.has(task.service) && mayRun(task) && mayBeSingleton(spec, type, task.labels)
    );
  });
}

function mayBeSingleton(spec: Spec, type: string, labels: Readonly<Record<string, string>>): boolean {
  const declared = spec.types.find((one) => one.name === type);
  return labels[LABEL.singleton] === "true" || declared === undefined || declared.singleton;
}

function isDeclared({ types }: Spec, type: string): boolean {
  return types.some(({ name }) => name === type);
}
