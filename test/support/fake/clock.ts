import type { Seconds } from "../../../provider/core/values/units";

interface Timer {
  readonly at: Seconds;
  readonly act: () => void;
}

/** A clock that stands still except while somebody waits, and then jumps ahead at once. */
export class VirtualClock {
  #now: Seconds = 0;
  #waiting = 0;
  #isTicking = false;
  /** Ordered by time, the next one first. */
  readonly #timers: Timer[] = [];

  now(): Seconds {
    return this.#now;
  }

  /** Schedules an event that happens once time has passed. @returns a function that cancels it */
  after(seconds: Seconds, act: () => void): () => void {
    const timer = { at: this.#now + seconds, act };
    const later = this.#timers.findIndex((one) => one.at > timer.at);
    this.#timers.splice(later === -1 ? this.#timers.length : later, 0, timer);
    return () => {
      const at = this.#timers.indexOf(timer);
      if (at !== -1) this.#timers.splice(at, 1);
    };
  }

  sleep(seconds: Seconds): Promise<void> {
    return this.during(new Promise((resolve) => void this.after(seconds, resolve)));
  }

  /** Lets time pass until `work` is done. */
  async during<T>(work: Promise<T>): Promise<T> {
    this.#waiting++;
    this.#tick();
    try {
      return await work;
    } finally {
      this.#waiting--;
    }
  }

  /** Advances to the next timer, after everything that the last one led to has settled. */
  #tick(): void {
    if (this.#isTicking) return;
    this.#isTicking = true;
    setImmediate(() => {
      this.#isTicking = false;
      if (this.#waiting === 0) return;
      const timer = this.#timers.shift();
      if (timer === undefined) return;
      this.#now = timer.at;
      timer.act();
      this.#tick();
    });
  }
}
