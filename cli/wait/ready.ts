import { outdatedBecause } from "../../provider/core/condition";
import { configurationOf } from "../../provider/core/configuration";
import { RESERVED_TYPES } from "../../provider/core/names";
import type { HttpCheck } from "../../provider/core/process-type";
import type { Spec } from "../../provider/core/spec";
import type { Seen } from "../../provider/hosts/viewer";
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
  const containers = new Map(seen.map((one) => [one.container, one]));
  const wanted = rows.filter((row) => row.mark === undefined && !RESERVED_TYPES.has(row.type));
  return Promise.all(
    wanted.map(async (row) => {
      const lacks = await lacking(row, containers.get(row.place?.container ?? ""), release, ask);
      return { name: row.name, ...(lacks === undefined ? {} : { lacks }) };
    }),
  );
}

async function lacking(row: Row, one: Seen | undefined, { spec, key }: Release, ask: Ask): Promise<string | undefined> {
  const type = spec.types.find(({ name }) => name === row.type);
  if (row.state.kind !== "up" || one === undefined || type === undefined) return stateText(row.state);
  const why = outdatedBecause(one, spec, configurationOf(spec, type, one.index, key), undefined);
  if (why !== undefined) return `of an old release: ${why.cause}`;
  if (type.http !== undefined) {
    const failure = await ask(one, type.http);
    return failure === undefined ? undefined : `does not answer ${type.http.path}: ${failure}`;
  }
  return one.health === undefined && (one.age ?? 0) < Math.floor(type.update.monitor)
    ? stateText(row.state)
    : undefined;
}

/** Formats progress as `3/5`, with the reasons why the others are not ready. */
export function progressText(progress: readonly Progress[]): string {
  const waiting = progress.flatMap(({ name, lacks }) => (lacks === undefined ? [] : [`${name} ${lacks}`]));
  return [`${progress.length - waiting.length}/${progress.length}`, ...waiting].join("  ");
}
