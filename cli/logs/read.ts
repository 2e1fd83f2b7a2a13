import { explain } from "../../provider/core/values/errors";
import type { LogQuery, Viewer } from "../../provider/orchestrators/viewer";
import type { Observation } from "../observe/observe";
import type { Selection } from "../observe/select";
import type { Entry } from "./entry";
import { lastOf, merged } from "./merge";
import { Position } from "./position";
import { entriesOf } from "./source";

/** A signal that never aborts: reading past output ends by itself. */
const UNLIMITED = new AbortController().signal;

/** Number of audit lines that are shown however old they are. */
const AUDIT_LINES = 10;

/** Number of last lines to show. Unless the user asked for a number, audit lines come in addition. */
export type Count = { readonly all: true } | { readonly inAll: number } | { readonly ofProcesses: number };

export interface Wanted {
  readonly isMeant: Selection;
  readonly count: Count;
  readonly since?: string;
  /** Audit lines, oldest first. */
  readonly audit: readonly Entry[];
  readonly warn: (text: string) => void;
}

/** The output up to now. */
export interface Past {
  readonly entries: AsyncIterable<Entry>;
  /** Position of each container once all entries have been read, by id. */
  readonly positions: Map<string, Position>;
}

/** Reads the lines of all processes and the audit lines, sorted by time. */
export function readPast(looks: readonly Observation[], wanted: Wanted): Past {
  const { count, since, isMeant, warn } = wanted;
  const positions = new Map<string, Position>();
  const said = new Set<string>();
  const lose = (viewer: Viewer, error: unknown) => {
    const text = `warning: ${explain(error)}; what it has of the log is left out`;
    if (!said.has(`${viewer.name} ${text}`)) warn(text);
    said.add(`${viewer.name} ${text}`);
  };
  const most = "inAll" in count ? count.inAll : "ofProcesses" in count ? count.ofProcesses : undefined;
  const query: LogQuery = {
    // Read at least the last line, because following goes on from there.
    tail: most === undefined ? "all" : Math.max(1, most),
    ...(since === undefined ? {} : { since }),
  };
  const sources = looks.flatMap((look) => {
    if (look.kind === "lost") return [];
    return look.containers.filter(isMeant).map((container) => {
      const position = new Position();
      positions.set(container.container, position);
      return entriesOf(look.viewer, container, query, position, { signal: UNLIMITED, lose });
    });
  });
  const audit = wanted.audit.filter(({ time }) => since === undefined || time >= since);
  return { entries: limited(merged(sources), audit, count), positions };
}

async function* limited(
  written: AsyncIterable<Entry>,
  audit: readonly Entry[],
  count: Count,
): AsyncGenerator<Entry, void> {
  if ("ofProcesses" in count) {
    const shown = await lastOf(written, count.ofProcesses);
    // Older audit lines are left out: months of changes would bury the output of a minute.
    const isDue = ({ time }: Entry, at: number) =>
      at >= audit.length - AUDIT_LINES || (shown[0] !== undefined && time >= shown[0].time);
    yield* merged([asyncOf(shown), asyncOf(audit.filter(isDue))]);
    return;
  }
  const all = merged([written, asyncOf(audit)]);
  yield* "inAll" in count ? await lastOf(all, count.inAll) : all;
}

async function* asyncOf<T>(items: readonly T[]): AsyncGenerator<T> {
  yield* await Promise.resolve(items);
}
