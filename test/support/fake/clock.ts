import type { Seconds } from "../../../provider/core/units";

interface Timer {
  readonly at: Seconds;
  readonly act: () => void;
}

/** Time that passes only while somebody waits for it, and then at once. */
export class VirtualClock {
  #now: Seconds = 0;
  #waiting = 0;
  #isTicking = false;
  /** The next one first. */
  readonly #timers: Timer[] = [];

  now(): Seconds {
    return this.#now;
  }

  /** Something that happens by itself, if time passes. @returns calls it off */
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

  /** One step of time at a time, each after all that the last one led to. */
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
