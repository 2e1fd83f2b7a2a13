import { removal, slotOf, type Change, type Reason } from "./change";
import type { Identity } from "./desired";
import type { Formation } from "./formation";
import type { ObservedHost, ObservedInstance } from "./observed";
import type { Blocked } from "./plan";
import { placer, type Placer, type Room } from "./placement";
import type { Shares } from "./process-type";
import type { Spec } from "./spec";

/** Everything that a plan is to bring about: what is to run, where, and whose it is. */
export interface Wanted {
  readonly spec: Spec;
  /** A quantity for each type of the spec. */
  readonly formation: Formation;
  /** The declared hosts, in their order. */
  readonly rooms: readonly Room[];
  readonly identity: Identity;
  /** Containers that the last update left, by id; `undefined` when the state remembers nothing of this app. */
  readonly remembered?: ReadonlySet<string>;
  /** The release that the release command was last run for, see `releaseDigest`. */
  readonly released?: string;
  /** Usage of a process when it was last deployed, by type: a running one may still take as much. */
  readonly former?: ReadonlyMap<string, Shares>;
  /** True when every running process keeps its release. */
  readonly keepsReleases?: boolean;
  /** True when processes are to be moved until every type is spread evenly. */
  readonly rebalance?: boolean;
}

/** A draft: the plan while it is being made, with everything that all types share. */
export interface Context {
  readonly wanted: Wanted;
  readonly hosts: ReadonlyMap<string, ObservedHost>;
  readonly rooms: ReadonlyMap<string, Room>;
  readonly placer: Placer;
  /** Host ports that our processes have, or are to get, by host. */
  readonly taken: ReadonlyMap<string, Set<number>>;
  /** Hosts that are unreachable and not abandoned. */
  readonly dark: readonly string[];
  /** Processes that an unfinished release gives up; they stay for now. */
  readonly withheld: ObservedInstance[];
  readonly changes: Change[];
  readonly blocked: Blocked[];
  readonly shortages: string[];
}

export function contextOf(wanted: Wanted, observed: readonly ObservedHost[]): Context {
  const rooms = new Map(wanted.rooms.map((room) => [room.name, room]));
  const isDark = (host: ObservedHost) => host.lost !== undefined && rooms.get(host.name)?.abandoned !== true;
  const ports = (host: ObservedHost) => host.instances.flatMap((one) => one.published?.port ?? []);
  return {
    wanted,
    rooms,
    hosts: new Map(observed.map((host) => [host.name, host])),
    placer: placer(wanted.rooms, observed),
    taken: new Map(observed.map((host) => [host.name, new Set(ports(host))])),
    dark: observed.filter(isDark).map((host) => host.name),
    withheld: [],
    changes: [],
    blocked: [],
    shortages: [],
  };
}

/** True for a container of the app on a host that is declared and not abandoned. */
export function isAtHome({ wanted, rooms }: Context, one: ObservedInstance): boolean {
  return one.app === wanted.spec.app && rooms.get(one.host)?.abandoned === false;
}

/** Removes containers, and blocks the removal of those that cannot be reached. */
export function endings(
  { blocked }: Context,
  instances: readonly ObservedInstance[],
  reason: Reason,
  cause: (one: ObservedInstance) => string,
): Change[] {
  return instances.flatMap((one) => {
    if (one.state !== "unknown") return [removal(one, reason, cause(one))];
    blocked.push({ slot: slotOf(one), host: one.host, why: `${cause(one)}, but ${one.host} cannot be reached` });
    return [];
  });
}
