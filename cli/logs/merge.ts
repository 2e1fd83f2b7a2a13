/** What is in the order of time. */
interface Timed {
  readonly time: string;
}

interface Head<T> {
  readonly item: T;
  /** Of its source: what has the same time keeps the order of the sources. */
  readonly rank: number;
  readonly rest: AsyncIterator<T>;
}

/** All items of sources that are in order, in order. No more of each source is held than its next item. */
export async function* merged<T extends Timed>(sources: readonly AsyncIterable<T>[]): AsyncGenerator<T> {
  // The next one stands last.
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

/** The last so many items. */
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
