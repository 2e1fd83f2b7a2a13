import { removal, slotOf, type Change, type Reason } from "../../../core/model/change";
import type { Identity } from "../../../core/model/desired";
import type { Formation } from "../../../core/values/formation";
import type { ObservedHost, ObservedInstance } from "../../../core/model/observed";
import type { Blocked } from "../../../core/plan/plan";
import { placer, type Placer, type Room } from "./placement";
import type { Shares } from "../../../core/inputs/process-type";
import type { Spec } from "../../../core/inputs/spec";

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
export interface Draft {
  readonly wanted: Wanted;
  readonly hosts: ReadonlyMap<string, ObservedHost>;
  readonly rooms: ReadonlyMap<string, Room>;
  readonly placer: Placer;
  /** Host ports that our processes have, or are to get, by host. */
  readonly taken: ReadonlyMap<string, Set<number>>;
  /** Hosts that are unreachable and not abandoned. */
  readonly unreachable: readonly string[];
  /** Processes that an unfinished release gives up; they stay for now. */
  readonly withheld: ObservedInstance[];
  /** Hosts of the volumes that processes write to, by volume, as far as the plan has decided. */
  readonly sites: Map<string, string>;
  readonly changes: Change[];
  readonly blocked: Blocked[];
  readonly shortages: string[];
}

export function draftOf(wanted: Wanted, observed: readonly ObservedHost[]): Draft {
  const rooms = new Map(wanted.rooms.map((room) => [room.name, room]));
  const isDark = (host: ObservedHost) => host.unreachable !== undefined && rooms.get(host.name)?.abandoned !== true;
  const ports = (host: ObservedHost) => host.instances.flatMap((instance) => instance.published?.port ?? []);
  return {
    wanted,
    rooms,
    hosts: new Map(observed.map((host) => [host.name, host])),
    placer: placer(wanted.rooms, observed),
    taken: new Map(observed.map((host) => [host.name, new Set(ports(host))])),
    unreachable: observed.filter(isDark).map((host) => host.name),
    withheld: [],
    sites: new Map(),
    changes: [],
    blocked: [],
    shortages: [],
  };
}

/** True for a container of the app on a host that is declared and not abandoned. */
export function isAtHome({ wanted, rooms }: Draft, instance: ObservedInstance): boolean {
  return instance.app === wanted.spec.app && rooms.get(instance.host)?.abandoned === false;
}

/** Removes containers, and blocks the removal of those that cannot be reached. */
export function endings(
  { blocked }: Draft,
  instances: readonly ObservedInstance[],
  reason: Reason,
  cause: (instance: ObservedInstance) => string,
): Change[] {
  return instances.flatMap((instance) => {
    if (instance.state !== "unknown") return [removal(instance, reason, cause(instance))];
    blocked.push({
      slot: slotOf(instance),
      host: instance.host,
      why: `${cause(instance)}, but ${instance.host} cannot be reached`,
    });
    return [];
  });
}
