import type { Change, Step } from "../model/change";
import { compare, sortTypes } from "../values/formation";

/** A slot that has to be left as it is, and the reason. */
export interface Blocked {
  readonly slot: string;
  readonly host: string;
  readonly why: string;
}

export interface Plan<S = Step> {
  /** Every change that leads from the observed processes to the wanted ones, in the order of the text. */
  readonly changes: readonly Change<S>[];
  /** Slots that have to be left as they are, with the reason: an `up` does the rest and fails with these. */
  readonly blocked: readonly Blocked[];
  /** Processes that have no place on any host: nothing at all may be done. */
  readonly shortages: readonly string[];
  /** Notes that a person should read before confirming. */
  readonly notes: readonly string[];
}

/** Sorts changes in the order of the plan's text. */
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
