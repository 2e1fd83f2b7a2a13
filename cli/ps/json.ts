import type { Formation } from "../../provider/core/values/formation";
import { plainJson } from "../../provider/core/values/plain";
import type { Counted, Row } from "./rows";

/** A host in the JSON output. */
export interface HostRecord {
  readonly name: string;
  readonly reachable: boolean;
  /** Reason why the host is unreachable. */
  readonly reason?: string;
}

/** Output for programs: a record per process, and the quantities wanted and running, `null` where unknown. */
export function psJson(
  app: string,
  rows: readonly Row[],
  formation: Formation,
  running: Counted,
  hosts: readonly HostRecord[],
): string {
  return plainJson({ app, formation, running, hosts, processes: rows.map(record) }, 2);
}

function record({ name, type, index, state, mark, command, place, details, usage }: Row): object {
  return {
    name,
    type,
    index,
    state: state.kind,
    ...(mark === undefined ? {} : { mark }),
    ...(details?.since === undefined ? {} : { since: details.since }),
    ...(state.kind === "crashed" ? { exitCode: state.exitCode, outOfMemory: state.outOfMemory } : {}),
    ...(state.kind === "restarting" && state.exitCode !== undefined ? { exitCode: state.exitCode } : {}),
    ...(details === undefined ? {} : { restarts: details.restarts }),
    ...(place === undefined ? {} : { host: place.host, container: place.container }),
    ...(place?.release === undefined ? {} : { release: place.release() }),
    ...(usage === undefined ? {} : { memory: usage.memory, memoryLimit: usage.memoryLimit, cpus: usage.cpus }),
    command,
  };
}
