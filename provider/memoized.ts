/** The same work for the same argument is done once. */
export function memoized<A, T extends object>(work: (argument: A) => T): (argument: A) => T {
  const known = new Map<A, T>();
  return (argument) => {
    const running = known.get(argument) ?? work(argument);
    known.set(argument, running);
    return running;
  };
}
