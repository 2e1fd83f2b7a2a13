/** @param first true when the task goes ahead of all that wait */
export type Limit = <T>(task: () => Promise<T>, first?: boolean) => Promise<T>;

/** Runs at most `size` tasks at a time, in the order in which they came. */
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
