/** Items that are sorted by time. */
interface Timed {
  readonly time: string;
}

interface Head<T> {
  readonly item: T;
  /** Position of the source, which decides the order of items with the same time. */
  readonly rank: number;
  readonly rest: AsyncIterator<T>;
}

/** Merges sorted sources. Only the next item of each source is in memory. */
export async function* merged<T extends Timed>(sources: readonly AsyncIterable<T>[]): AsyncGenerator<T> {
  // Sorted in reverse, so that the next item is at the end.
  const heads: Head<T>[] = [];
  const first = sources.map(async (source, rank) => {
    const rest = source[Symbol.asyncIterator]();
    const next = await rest.next();
    if (next.done !== true) insert(heads, { item: next.value, rank, rest });
  });
  await Promise.all(first);
  for (let head = heads.pop(); head !== undefined; head = heads.pop()) {
    yield head.item;
    const next = await head.rest.next();
    if (next.done !== true) insert(heads, { ...head, item: next.value });
  }
}

function insert<T extends Timed>(heads: Head<T>[], head: Head<T>): void {
  let [low, high] = [0, heads.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    const other = heads[middle];
    if (other !== undefined && isBefore(head, other)) low = middle + 1;
    else high = middle;
  }
  heads.splice(low, 0, head);
}

function isBefore<T extends Timed>(a: Head<T>, b: Head<T>): boolean {
  return a.item.time === b.item.time ? a.rank < b.rank : a.item.time < b.item.time;
}

/** Collects the last `count` items. */
export async function lastOf<T>(items: AsyncIterable<T>, count: number): Promise<T[]> {
  const ring: T[] = [];
  let at = 0;
  for await (const item of items) {
    if (count === 0) continue;
    ring[at % count] = item;
    at++;
  }
  const start = ring.length < count ? 0 : at % count;
  return [...ring.slice(start), ...ring.slice(0, start)];
}
