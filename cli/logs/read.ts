import { explain } from "../../provider/core/errors";
import type { LogQuery, Viewer } from "../../provider/hosts/viewer";
import type { Look } from "../look/look";
import type { Selection } from "../look/select";
import type { Entry } from "./entry";
import { lastOf, merged } from "./merge";
import { Position } from "./position";
import { entriesOf } from "./source";

/** What has been written so far ends by itself. */
const UNLIMITED = new AbortController().signal;

/** The last lines of the formation itself, shown however old they are. */
const AUDIT_LINES = 10;

/** How many of the last lines. Unless a number is asked for, the formation's own come beside them. */
export type Count = { readonly all: true } | { readonly inAll: number } | { readonly ofProcesses: number };

export interface Wanted {
  readonly isMeant: Selection;
  readonly count: Count;
  readonly since?: string;
  /** Lines of the formation itself, in their order. */
  readonly audit: readonly Entry[];
  readonly warn: (text: string) => void;
}

/** What has been written so far. */
export interface Past {
  readonly entries: AsyncIterable<Entry>;
  /** How far each container has been read once the entries have been; by id. */
  readonly positions: Map<string, Position>;
}

/** The lines of all processes and of the formation, in the order of time. */
export function readPast(looks: readonly Look[], wanted: Wanted): Past {
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
    // Where no line at all is wanted, the last one still tells where to go on.
    tail: most === undefined ? "all" : Math.max(1, most),
    ...(since === undefined ? {} : { since }),
  };
  const sources = looks.flatMap((look) => {
    if (look.kind === "lost") return [];
    return look.containers.filter(isMeant).map((one) => {
      const position = new Position();
      positions.set(one.container, position);
      return entriesOf(look.viewer, one, query, position, { signal: UNLIMITED, lose });
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
    // Months of changes before the lines of a minute would bury them.
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
