/** Names without the differences that people make between tools: `stop_timeout`, `stop-timeout` and `stopTimeout`. */
export function folded(name: string): string {
  return name.toLowerCase().replace(/[^a-z0-9]/g, "");
}

/**
 * Number of letters to change, add, leave out, or swap with their neighbours, that lead from one word to the other.
 */
export function editDistance(one: string, other: string): number {
  let before: number[] = [];
  let last = Array.from({ length: other.length + 1 }, (_, at) => at);
  for (let i = 1; i <= one.length; i++) {
    const row = [i];
    for (let j = 1; j <= other.length; j++) {
      const change = (last[j - 1] ?? 0) + (one[i - 1] === other[j - 1] ? 0 : 1);
      const least = Math.min(change, (last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1);
      const swapped = one[i - 1] === other[j - 2] && one[i - 2] === other[j - 1];
      row.push(swapped ? Math.min(least, (before[j - 2] ?? 0) + 1) : least);
    }
    [before, last] = [last, row];
  }
  return last[other.length] ?? 0;
}

/** A longer word is no misspelling of anything, and comparing it would take long. */
const LONGEST = 60;

/**
 * Finds the name that a word is a misspelling of: the nearest of at most so many changes, of equally near ones the
 * first.
 *
 * @param most the largest number of changes for a word of that length
 */
export function nearest(word: string, names: readonly string[], most: (length: number) => number): string | undefined {
  const wanted = folded(word);
  if (wanted.length > LONGEST) return undefined;
  const near = names
    .map((name) => ({ name, distance: editDistance(wanted, folded(name)) }))
    .filter(({ distance }) => distance <= most(wanted.length))
    .sort((one, other) => one.distance - other.distance);
  return near[0]?.name;
}
