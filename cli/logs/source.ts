import { hasCode } from "../../provider/core/values/errors";
import { processName } from "../../provider/core/values/names";
import type { LogLine } from "../../provider/engine/log-lines";
import type { LogQuery, Seen, Viewer } from "../../provider/orchestrators/viewer";
import type { Entry } from "./entry";
import type { Position } from "./position";

/** Parameters of reading a container's output. */
export interface Reading {
  readonly signal: AbortSignal;
  /** Called when a container cannot be read; the others are read all the same. */
  readonly lose: (viewer: Viewer, error: unknown) => void;
}

/** Reads the lines of a container after its position. */
export async function* entriesOf(
  viewer: Viewer,
  container: Seen,
  query: LogQuery,
  position: Position,
  { signal, lose }: Reading,
): AsyncGenerator<Entry> {
  const source = `app[${processName(container.type, container.index)}]`;
  try {
    for await (const line of viewer.logs(container.container, query, signal))
      if (position.take(line)) yield entryOf(source, line);
  } catch (error) {
    // A container that was removed meanwhile is no failure.
    if (!hasCode(error, "NotFound")) lose(viewer, error);
  }
}

function entryOf(source: string, { time, text }: LogLine): Entry {
  return { time, source, text };
}
