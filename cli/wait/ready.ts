import { outdatedBecause } from "../../provider/core/model/outdated";
import { configurationOf } from "../../provider/core/model/configuration";
import { RESERVED_TYPES } from "../../provider/core/values/names";
import type { HttpCheck } from "../../provider/core/inputs/process-type";
import type { Spec } from "../../provider/core/inputs/spec";
import type { Seen } from "../../provider/orchestrators/viewer";
import type { Row } from "../ps/rows";
import { stateText } from "../ps/state";

/** The release that was deployed last, which is to run. */
export interface Release {
  readonly spec: Spec;
  /** Key of the configuration's digests. */
  readonly key: string;
}

/** Progress of a wanted process. */
export interface Progress {
  readonly name: string;
  /** Reason why the process is not ready; absent when it is. */
  readonly lacks?: string;
}

/** Requests a process over HTTP. @returns the fault of its answer, if any */
export type Ask = (process: Seen, check: HttpCheck) => Promise<string | undefined>;

/** Progress of all wanted processes. Those of the current release that are healthy or ran long enough are ready. */
export function progressOf(
  rows: readonly Row[],
  seen: readonly Seen[],
  release: Release,
  ask: Ask,
): Promise<Progress[]> {
  const containers = new Map(seen.map((container) => [container.container, container]));
  const wanted = rows.filter((row) => row.mark === undefined && !RESERVED_TYPES.has(row.type));
  return Promise.all(
    wanted.map(async (row) => {
      const lacks = await lacking(row, containers.get(row.place?.container ?? ""), release, ask);
      return { name: row.name, ...(lacks === undefined ? {} : { lacks }) };
    }),
  );
}

async function lacking(
  row: Row,
  container: Seen | undefined,
  { spec, key }: Release,
  ask: Ask,
): Promise<string | undefined> {
  const type = spec.types.find(({ name }) => name === row.type);
  if (row.state.kind !== "up" || container === undefined || type === undefined) return stateText(row.state);
  const why = outdatedBecause(container, type.image, configurationOf(spec, type, container.index, key), undefined);
  if (why !== undefined) return `of an old release: ${why.cause}`;
  if (type.http !== undefined) {
    const failure = await ask(container, type.http);
    return failure === undefined ? undefined : `does not answer ${type.http.path}: ${failure}`;
  }
  return container.health === undefined && (container.age ?? 0) < Math.floor(type.update.monitor)
    ? stateText(row.state)
    : undefined;
}

/** Formats progress as `3/5`, with the reasons why the others are not ready. */
export function progressText(progress: readonly Progress[]): string {
  const waiting = progress.flatMap(({ name, lacks }) => (lacks === undefined ? [] : [`${name} ${lacks}`]));
  return [`${progress.length - waiting.length}/${progress.length}`, ...waiting].join("  ");
}
