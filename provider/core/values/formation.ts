/** The quantity of each type: `{ web: 2, worker: 1, clock: 0 }`. Zero is a quantity like any other. */
export type Formation = Readonly<Record<string, number>>;

/** Formats `web=2, worker=1, clock=0` in the order given; types that the order leaves out follow by name. */
export function formatFormation(formation: Formation, order: readonly string[] = []): string {
  return sortTypes(Object.keys(formation), order)
    .map((type) => `${type}=${formation[type]}`)
    .join(", ");
}

/** Types in the app's own order (see `Spec.types`), then the others by name. */
export function sortTypes(types: Iterable<string>, order: readonly string[]): string[] {
  const rank = (type: string) => (order.includes(type) ? order.indexOf(type) : order.length);
  return [...types].sort((a, b) => rank(a) - rank(b) || compare(a, b));
}

/** The app's own order: `web` first, then as in the Procfile, then by name. */
export function typeOrder(procfile: Iterable<string>, others: Iterable<string>): string[] {
  const ordered = [...procfile, ...[...others].sort(compare)];
  return sortTypes(new Set(ordered), ["web", ...ordered]);
}

/** Plain code-unit order: the same on every machine, whatever its locale. */
export function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
