/** @param first whether it goes ahead of all that wait */
export type Limit = <T>(task: () => Promise<T>, first?: boolean) => Promise<T>;

/** Lets at most `size` tasks run at a time, in the order they came. */
export function limit(size: number): Limit {
  let free = size;
  const waiting: (() => void)[] = [];
  return async (task, first = false) => {
    if (free > 0) free--;
    else await new Promise<void>((resolve) => (first ? waiting.unshift(resolve) : waiting.push(resolve)));
    try {
      return await task();
    } finally {
      const next = waiting.shift();
      if (next === undefined) free++;
      else next();
    }
  };
}
