/** First in, first out; items that have become void on the way are passed over. */
export class Queue<T> {
  readonly #items: T[] = [];
  #head = 0;

  push(item: T): void {
    this.#items.push(item);
  }

  /** The first item that is still valid; it stays in the queue. */
  first(isValid: (item: T) => boolean = () => true): T | undefined {
    for (; this.#head < this.#items.length; this.#head++) {
      const item = this.#items[this.#head];
      if (item !== undefined && isValid(item)) return item;
    }
    return undefined;
  }

  shift(): T | undefined {
    const item = this.first();
    if (item !== undefined) this.#head++;
    return item;
  }
}
