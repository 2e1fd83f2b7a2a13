interface Held<T> {
  readonly item: T;
  /** Time at which the item may be emitted, in milliseconds. */
  readonly due: number;
}

/**
 * Sorts lines that arrive from several hosts at about the same time: each line is buffered for a moment, then emitted
 * together with all older ones.
 */
export class Window<T extends { readonly time: string }> {
  #held: Held<T>[] = [];
  #timer: NodeJS.Timeout | undefined;

  constructor(
    readonly hold: number,
    readonly emit: (items: readonly T[]) => void,
  ) {}

  push(item: T): void {
    this.#held.push({ item, due: performance.now() + this.hold });
    this.#timer ??= setTimeout(() => this.#release(performance.now()), this.hold);
  }

  /** Emits all buffered items. */
  flush(): void {
    this.#release(Infinity);
  }

  #release(now: number): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const sorted = [...this.#held].sort((a, b) => (a.item.time < b.item.time ? -1 : a.item.time > b.item.time ? 1 : 0));
    const out = sorted.findLastIndex(({ due }) => due <= now) + 1;
    this.#held = sorted.slice(out);
    if (out > 0) this.emit(sorted.slice(0, out).map(({ item }) => item));
    if (this.#held.length === 0) return;
    const next = Math.min(...this.#held.map(({ due }) => due));
    this.#timer = setTimeout(() => this.#release(performance.now()), Math.max(1, next - now));
  }
}
