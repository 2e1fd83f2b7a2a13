import { budgets } from "../../../../core/guards/connections";
import type { Draft } from "../draft";
import { memoized } from "../../../../core/values/memoized";
import type { ObservedHost, ObservedInstance } from "../../../../core/model/observed";
import { entryOf } from "../../../../core/values/entry";
import type { Shares } from "../../../../core/inputs/process-type";
import { formatBytes } from "../../../../core/values/units";

/** A limit: something of which there is only so much at any moment. */
export interface Limit {
  /** The service or host that has it: `db`, `a`. */
  readonly of: string;
  /** The thing that is limited: `connections`, `memory`. */
  readonly what: string;
  readonly most: number;
  readonly show: (amount: number) => string;
}

/** Usage of one process: the amount that it takes of each pool. */
export type Usage = readonly (readonly [pool: Limit, amount: number])[];

export interface Limits {
  /** Usage of a new process of a type on a host. */
  readonly ofNew: (type: string, host: string) => Usage;
  /**
   * Usage of a process that is there. @param isEnded true when it does not stay: its connections are as declared before
   */
  readonly ofOld: (instance: ObservedInstance, isEnded: boolean) => Usage;
  /** The pools that count processes: those of a host, and all. */
  readonly counts: (host: string) => readonly Limit[];
}

const FREE: Shares = { connections: {}, reserved: { cpus: 0, memory: 0 } };
const count = (amount: number) => String(amount);

/** @returns `undefined` where nothing is limited */
export function limitsOf({ wanted, rooms, hosts }: Draft): Limits | undefined {
  const { spec, formation, former = new Map<string, Shares>() } = wanted;
  const needs = budgets(spec, formation);
  const services = spec.backingServices.flatMap(({ name }): [string, Limit][] => {
    const budget = entryOf(needs, name);
    // A service whose limit the formation may exceed anyway holds no change back.
    if (budget === undefined || budget.used > budget.limit) return [];
    return [[name, { of: name, what: "connections", most: budget.limit, show: count }]];
  });
  const total: Limit[] = Number.isFinite(spec.maxProcesses)
    ? [{ of: "the formation", what: "processes", most: spec.maxProcesses, show: count }]
    : [];
  const local = memoized((name: string) => localPools(name, rooms.get(name)?.maxProcesses, hosts.get(name)));
  const declared = new Map(spec.types.map((type) => [type.name, type]));
  const ports = new Set(spec.types.flatMap((type) => type.bind.port ?? []));
  const reserves = [...spec.types, ...former.values()].some(({ reserved }) => reserved.cpus + reserved.memory > 0);
  const isCounted = total.length > 0 || wanted.rooms.some((room) => Number.isFinite(room.maxProcesses));
  if (services.length === 0 && !reserves && !isCounted && ports.size === 0) return undefined;

  /** @param before the shares that were declared when the process was made */
  const holding = (host: string, port: number | undefined, now: Shares, before = now): Usage => {
    const { memory, cpus, portOf } = local(host);
    const entries: [Limit | undefined, number][] = [
      ...services.map(([name, pool]): [Limit, number] => [pool, entryOf(before.connections, name) ?? 0]),
      [memory, now.reserved.memory],
      [cpus, now.reserved.cpus],
      [port === undefined || !ports.has(port) ? undefined : portOf(port), 1],
    ];
    return entries.filter((entry): entry is [Limit, number] => entry[0] !== undefined && entry[1] > 0);
  };
  // All processes of a type on a host have the same usage.
  const ofNew = memoized((host: string) =>
    memoized((name: string) => {
      const type = declared.get(name);
      return type === undefined ? [] : holding(host, type.bind.port, type);
    }),
  );
  const ofOld = new Map<string, Usage>();
  return {
    ofNew: (type, host) => ofNew(host)(type),
    ofOld: ({ type, host, published }, isEnded) => {
      const key = [host, type, published?.port, isEnded].join(" ");
      const now = declared.get(type) ?? former.get(type) ?? FREE;
      const usage = ofOld.get(key) ?? holding(host, published?.port, now, isEnded ? former.get(type) : now);
      ofOld.set(key, usage);
      return usage;
    },
    counts: memoized((host: string) => [...total, ...local(host).processes]),
  };
}

function localPools(of: string, maxProcesses = Infinity, host: ObservedHost | undefined) {
  const { capacity } = host ?? {};
  return {
    ...(capacity === undefined
      ? { memory: undefined, cpus: undefined }
      : {
          memory: { of, what: "memory", most: capacity.memory, show: formatBytes },
          cpus: { of, what: "CPUs", most: capacity.cpus, show: (amount: number) => String(amount / 1e9) },
        }),
    processes: Number.isFinite(maxProcesses) ? [{ of, what: "processes", most: maxProcesses, show: count }] : [],
    portOf: memoized((port: number): Limit => ({ of, what: `port ${port}`, most: 1, show: count })),
  };
}
