import type { Change } from "./change";

/** The same changes, each after the first ones. @param others what they may need besides, and stays as it is */
export function after(
  firsts: readonly Change[],
  changes: readonly Change[],
  others: readonly Change[] = [],
): readonly Change[] {
  if (firsts.length === 0) return changes;
  const known = new Map([...firsts, ...others].map((change) => [change, change]));
  const later = (change: Change): Change => {
    const made = known.get(change) ?? {
      ...change,
      needs: change.needs.length === 0 ? firsts : [...firsts, ...change.needs.map(later)],
    };
    known.set(change, made);
    return made;
  };
  return changes.map(later);
}
