/** The same work for the same argument is done once. */
export function memoized<A, T>(work: (argument: A) => Promise<T>): (argument: A) => Promise<T> {
  const known = new Map<A, Promise<T>>();
  return (argument) => {
    const running = known.get(argument) ?? work(argument);
    known.set(argument, running);
    return running;
  };
}
