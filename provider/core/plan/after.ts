import type { Change } from "../model/change";

/**
 * Makes every change wait for the first ones. @param others changes that they may need besides, and that stay as they
 * are
 */
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
