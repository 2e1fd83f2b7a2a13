/** Idle connections live this long, because Pulumi calls the next hook for the same hosts moments later. */
const LINGER_MS = 2_000;

interface Entry<T> {
  readonly one: T;
  users: number;
  idle: NodeJS.Timeout | undefined;
}

/**
 * Shares connections: each is made once for all who use it at a time, and ended a moment after the last of them is
 * done.
 */
export class SharedConnections<T> {
  readonly #entries = new Map<string, Entry<T>>();

  constructor(private readonly end: (one: T) => void) {}

  /** Registers one user: `take` as often as it likes, `leave` once, at its end. */
  use(): { readonly take: (key: string, make: () => T) => T; readonly leave: () => void } {
    const used = new Map<string, Entry<T>>();
    const take = (key: string, make: () => T) => {
      const mine = used.get(key) ?? this.#enter(key, make);
      used.set(key, mine);
      return mine.one;
    };
    return { take, leave: () => used.forEach((entry, key) => this.#leave(key, entry)) };
  }

  #enter(key: string, make: () => T): Entry<T> {
    const entry = this.#entries.get(key) ?? { one: make(), users: 0, idle: undefined };
    this.#entries.set(key, entry);
    clearTimeout(entry.idle);
    entry.users++;
    return entry;
  }

  #leave(key: string, entry: Entry<T>): void {
    if (--entry.users > 0) return;
    const end = () => {
      this.#entries.delete(key);
      this.end(entry.one);
    };
    entry.idle = setTimeout(end, LINGER_MS).unref();
  }
}
