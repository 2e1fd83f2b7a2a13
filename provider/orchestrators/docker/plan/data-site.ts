import { ownVolumes, volumesIn } from "../../../core/inputs/container/mounts";
import type { ProcessType } from "../../../core/inputs/process-type";
import { groupBy } from "../../../core/values/group";
import { compare } from "../../../core/values/formation";
import type { ObservedHost, ObservedInstance } from "../../../core/model/observed";
import { isKnown } from "../../../core/values/unknown";
import type { Draft } from "./draft";

/**
 * The place of the data that a type writes to volumes which one host alone has. Its processes stay there: anywhere else
 * they would find the volumes empty.
 */
export type DataSite =
  /** It has no such data, and may be anywhere. */
  | { readonly kind: "none" }
  /** There is none yet: the first process decides. */
  | { readonly kind: "open" }
  | { readonly kind: "host"; readonly host: string }
  /** Nothing at all may be done. */
  | { readonly kind: "refused"; readonly why: string }
  /** It may be on a host that cannot be reached. */
  | { readonly kind: "unsure"; readonly host: string };

/** @param all the type's containers, wherever they are */
export function dataSite(context: Draft, type: ProcessType, all: readonly ObservedInstance[]): DataSite {
  const { hosts, rooms, placer, sites, unreachable } = context;
  const volumes = ownVolumes(type.settings).filter((name) => isKnown<string>(name));
  if (volumes.length === 0) return { kind: "none" };
  const runsOn = ({ name }: ObservedHost) => all.some(({ host }) => host === name);
  const hasData = (host: ObservedHost) => {
    if (rooms.get(host.name)?.abandoned === true) return false;
    return host.volumes === undefined ? runsOn(host) : volumes.some((name) => host.volumes?.includes(name));
  };
  const allowed = (one: ObservedHost) => placer.allows(one.name, type);
  const having = [...hosts.values()].filter(hasData);
  const fitting = having.filter(allowed);
  const occupied = having.filter(runsOn);
  const [first, ...others] = some(occupied.length > 1 ? occupied.filter(allowed) : [], occupied, fitting, having);
  const shared = volumes.flatMap((name) => sites.get(name) ?? [])[0];
  const site = shared ?? first?.name;
  if (shared === undefined && others.length > 0) {
    const places = [first, ...others].flatMap((one) => one?.name ?? []).join(" and ");
    return { kind: "refused", why: `${volumeOf(volumes)} of ${type.name} is on ${places}: ${CHOOSE}` };
  }
  if (site !== undefined) {
    if (placer.allows(site, type)) return { kind: "host", host: site };
    const why = rooms.has(site) ? placer.refusal(type, site) : `${site} left the hosts`;
    return {
      kind: "refused",
      why: `${type.name} stays on ${site}, where its ${volumeOf(volumes)} is, but ${why}: ${waysOut(type)}`,
    };
  }
  if (all.length === 0) {
    const [dark] = unreachable;
    return dark === undefined ? { kind: "open" } : { kind: "unsure", host: dark };
  }
  const byHost = groupBy(
    all.filter(({ host }) => placer.allows(host, type)),
    ({ host }) => host,
  );
  const [most] = [...byHost].sort(([a, some], [b, more]) => more.length - some.length || compare(a, b));
  return most === undefined ? { kind: "open" } : { kind: "host", host: most[0] };
}

const CHOOSE = "give placement.labels that only the one to keep has, and scale down to 0 what runs elsewhere";

function waysOut({ name }: ProcessType): string {
  return `take that back; or scale ${name} to 0, bring the data to a volume of the same name on another host, and scale up again`;
}

function volumeOf(names: readonly string[]): string {
  return `volume ${names.join(", ")}`;
}

/** The first list that has anything. */
function some<T>(...lists: readonly (readonly T[])[]): readonly T[] {
  return lists.find((list) => list.length > 0) ?? [];
}

/** Words on the volumes that an engine makes for a new process: nobody should find one empty unawares. */
export function madeWords({ hosts }: Draft, { settings }: ProcessType, host: string): string {
  const { volumes } = hosts.get(host) ?? {};
  const made = volumes === undefined ? [] : volumesIn(settings).filter((name) => !volumes.includes(name));
  return made.length === 0 ? "" : `, makes ${volumeOf(made)}`;
}

/** Words on the volumes of a process in a new place: those that are made, or those whose data keep it there. */
export function volumeWords(context: Draft, type: ProcessType, host: string): string {
  const own = ownVolumes(type.settings).filter((name) => isKnown<string>(name));
  const made = madeWords(context, type, host);
  if (made !== "" || own.length === 0 || context.hosts.get(host)?.volumes === undefined) return made;
  return `, its ${volumeOf(own)} is there`;
}

/** Words on why a process is stopped before its successor starts. */
export function writerWords({ settings }: ProcessType): string {
  const own = ownVolumes(settings);
  return own.length === 0 ? "" : `: it writes to ${volumeOf(own.map((name) => (isKnown<string>(name) ? name : "?")))}`;
}
