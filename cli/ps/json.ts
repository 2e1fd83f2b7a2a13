import type { Formation } from "../../provider/core/formation";
import { plainJson } from "../../provider/core/plain";
import type { Row } from "./rows";

/** For programs: one record for each process, and the quantities wanted and running. */
export function psJson(app: string, rows: readonly Row[], formation: Formation, running: Formation): string {
  return plainJson({ app, formation, running, processes: rows.map(record) }, 2);
}

function record({ name, type, index, state, mark, command, place, details, usage }: Row): object {
  return {
    ...{ name, type, index, state: state.kind },
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
