import type { ObservedHost } from "../../../core/model/observed";
import { entryOf } from "../../../core/values/entry";
import type { ProcessType } from "../../../core/inputs/process-type";
import { formatBytes } from "../../../core/values/units";

/** The rules of a declared host for placing processes on it. */
export interface Room {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly maxProcesses: number;
  /** True when a person vouches for the host's being off. */
  readonly abandoned: boolean;
}

interface Tally {
  readonly room: Room;
  readonly host: ObservedHost;
  readonly byType: Map<string, number>;
  total: number;
  cpus: number;
  memory: number;
}

/** Keeps count of the processes on each host, and finds a place for one more. */
export interface Placer {
  readonly occupy: (host: string, type: ProcessType) => void;
  readonly vacate: (host: string, type: ProcessType) => void;
  /**
   * Takes a place on the host that has the fewest of the type, then the fewest in all, then comes first in the list.
   *
   * @param on the only host that will do
   */
  readonly place: (type: ProcessType, on?: string) => string | undefined;
  /** True when the labels allow the type on a host. */
  readonly allows: (host: string, type: ProcessType) => boolean;
  readonly countOf: (host: string, type: ProcessType) => number;
  /** Shortages on hosts where the processes that stay have come to reserve more than there is. */
  readonly overfull: () => string[];
  /** Reasons why no host can take one more, host by host. @param on the only host that will do */
  readonly refusal: (type: ProcessType, on?: string) => string;
}

export function placer(rooms: readonly Room[], hosts: readonly ObservedHost[]): Placer {
  const tallies = new Map<string, Tally>();
  for (const room of rooms) {
    const host = hosts.find((host) => host.name === room.name);
    if (host !== undefined) tallies.set(room.name, { room, host, byType: new Map(), total: 0, cpus: 0, memory: 0 });
  }
  const add = (name: string, type: ProcessType, sign: 1 | -1) => {
    const tally = tallies.get(name);
    if (tally === undefined) return;
    tally.byType.set(type.name, (tally.byType.get(type.name) ?? 0) + sign);
    tally.total += sign;
    tally.cpus += sign * type.reserved.cpus;
    tally.memory += sign * type.reserved.memory;
  };
  return {
    occupy: (host, type) => add(host, type, 1),
    vacate: (host, type) => add(host, type, -1),
    place: (type, on) => {
      const count = (tally: Tally) => tally.byType.get(type.name) ?? 0;
      let best: Tally | undefined;
      for (const tally of tallies.values()) {
        if (on !== undefined && tally.room.name !== on) continue;
        const better =
          best === undefined ||
          count(tally) < count(best) ||
          (count(tally) === count(best) && tally.total < best.total);
        if (better && obstacle(tally, type) === undefined) best = tally;
      }
      if (best !== undefined) add(best.room.name, type, 1);
      return best?.room.name;
    },
    allows: (host, type) => {
      const tally = tallies.get(host);
      return tally !== undefined && missingLabel(tally.room, type) === undefined;
    },
    countOf: (host, type) => tallies.get(host)?.byType.get(type.name) ?? 0,
    overfull: () => [...tallies.values()].flatMap(overfullness),
    refusal: (type, on) =>
      [...tallies.values()]
        .filter(({ room }) => on === undefined || room.name === on)
        .map((tally) => `${tally.room.name} ${obstacle(tally, type) ?? "has room"}`)
        .join("; "),
  };
}

function obstacle(tally: Tally, type: ProcessType): string | undefined {
  const { room, host } = tally;
  const { cpus, memory } = type.reserved;
  if (room.abandoned) return "is abandoned";
  if (host.unreachable !== undefined) return "cannot be reached";
  const label = missingLabel(room, type);
  if (label !== undefined) return `has no label ${label}`;
  if (type.bind.port !== undefined && (tally.byType.get(type.name) ?? 0) > 0)
    return `has port ${type.bind.port} in use by a process of ${type.name}`;
  if (tally.total >= room.maxProcesses) return `has ${tally.total} of at most ${room.maxProcesses} processes`;
  if (host.capacity === undefined) return undefined;
  const limit = type.settings.size?.cpus ?? 0;
  if (limit > host.capacity.cpus) return `has ${host.capacity.cpus / 1e9} CPUs, size.cpus allows ${limit / 1e9}`;
  if (memory > 0 && tally.memory + memory > host.capacity.memory)
    return `has ${formatBytes(Math.max(0, host.capacity.memory - tally.memory))} of ${formatBytes(host.capacity.memory)} memory unreserved, ${formatBytes(memory)} are needed`;
  if (cpus > 0 && tally.cpus + cpus > host.capacity.cpus)
    return `has ${Math.max(0, host.capacity.cpus - tally.cpus) / 1e9} of ${host.capacity.cpus / 1e9} CPUs unreserved, ${cpus / 1e9} are needed`;
  return undefined;
}

function overfullness({ room, host, memory, cpus }: Tally): string[] {
  const { capacity } = host;
  if (capacity === undefined || room.abandoned) return [];
  const ways = "scale a type down, lower a reservation, or add a host and change rebalance";
  const over = (has: string, all: string) =>
    `${room.name} has ${has}, but its processes reserve ${all} together: ${ways}`;
  return [
    ...(memory > capacity.memory ? [over(`${formatBytes(capacity.memory)} memory`, formatBytes(memory))] : []),
    ...(cpus > capacity.cpus ? [over(`${capacity.cpus / 1e9} CPUs`, String(cpus / 1e9))] : []),
  ];
}

function missingLabel(room: Room, type: ProcessType): string | undefined {
  for (const [name, value] of Object.entries(type.placement)) {
    if (entryOf(room.labels, name) !== value) return `${name}=${value}`;
  }
  return undefined;
}
