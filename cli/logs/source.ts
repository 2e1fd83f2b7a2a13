import { hasCode } from "../../provider/core/errors";
import { processName } from "../../provider/core/names";
import type { LogLine } from "../../provider/hosts/log-lines";
import type { LogQuery, Seen, Viewer } from "../../provider/hosts/viewer";
import type { Entry } from "./entry";
import type { Position } from "./position";

/** What reading a container's output needs besides the container. */
export interface Reading {
  readonly signal: AbortSignal;
  /** Called when something cannot be read; the rest goes on. */
  readonly lose: (viewer: Viewer, error: unknown) => void;
}

/** The lines of one container that are new at its position. */
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
    // It was removed meanwhile.
    if (!hasCode(error, "NotFound")) lose(viewer, error);
  }
}

function entryOf(source: string, { time, text }: LogLine): Entry {
  return { time, source, text };
}
