import type { Change, Step } from "./change";
import { compare, sortTypes } from "./formation";

/** A change that cannot be made now, and why. */
export interface Blocked {
  readonly slot: string;
  readonly host: string;
  readonly why: string;
}

export interface Plan<S = Step> {
  /** Every change that leads from what was observed to what is wanted, in the order of the text. */
  readonly changes: readonly Change<S>[];
  /** What has to be left undone, and why: an `up` does the rest and fails with these. */
  readonly blocked: readonly Blocked[];
  /** What has no place on any host: nothing at all may be done. */
  readonly shortages: readonly string[];
  /** What a person should know before saying yes. */
  readonly notes: readonly string[];
}

/** In the order of the plan's text. */
export function sortChanges<S>(changes: readonly Change<S>[], order: readonly string[]): Change<S>[] {
  const types = sortTypes(new Set(changes.map((change) => change.type)), order);
  const rank = new Map(types.map((type, at) => [type, at]));
  return [...changes].sort(
    (a, b) =>
      (rank.get(a.type) ?? 0) - (rank.get(b.type) ?? 0) ||
      a.index - b.index ||
      compare(a.verb, b.verb) ||
      compare(a.host, b.host),
  );
}
