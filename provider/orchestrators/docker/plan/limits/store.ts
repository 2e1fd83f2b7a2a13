import { Queue } from "./queue";

/** The stock of something limited, and the changes that leave some of it to others. */
export class Store<N> {
  #free: number;
  readonly #left = new Map<N, number>();
  #leftInAll = 0;
  /** Changes that pay off an overdraft: nothing may be taken before all of them are done. */
  readonly #payers: N[] = [];
  readonly #takers = new Set<N>();
  /** Changes that have found too little. */
  readonly waiting = new Queue<N>();

  /** @param free below zero while more is held than there may be */
  constructor(free: number) {
    this.#free = free;
  }

  get free(): number {
    return this.#free;
  }

  has(amount: number): boolean {
    return this.#free >= 0 && this.#free + this.#leftInAll >= amount;
  }

  /** Adds the amount that is left once a change is done. */
  put(from: N, amount: number): void {
    const paid = Math.min(amount, Math.max(0, -this.#free));
    this.#free += paid;
    if (paid > 0) this.#payers.push(from);
    if (amount === paid) return;
    this.#left.set(from, (this.#left.get(from) ?? 0) + amount - paid);
    this.#leftInAll += amount - paid;
  }

  /**
   * Takes an amount: first from changes that are waited for anyway, then from the free rest, then from others.
   *
   * @param needs changes that the taker waits for; those that it takes from are added
   */
  draw(by: N, amount: number, needs: Set<N>): void {
    let rest = amount;
    const takeFrom = (source: N) => {
      const left = this.#left.get(source) ?? 0;
      const taken = Math.min(rest, left);
      rest -= taken;
      this.#leftInAll -= taken;
      if (taken === left) this.#left.delete(source);
      else this.#left.set(source, left - taken);
    };
    for (const need of needs) takeFrom(need);
    const own = Math.min(rest, this.#free);
    this.#free -= own;
    rest -= own;
    for (const source of this.#left.keys()) {
      if (rest === 0) break;
      takeFrom(source);
      needs.add(source);
    }
    // A taker that waits for another taker waits for these, too.
    if (this.#payers.length > 0 && ![...needs].some((need) => this.#takers.has(need)))
      for (const payer of this.#payers) needs.add(payer);
    this.#takers.add(by);
  }
}
