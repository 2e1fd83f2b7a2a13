import { readdirSync, readFileSync, readlinkSync } from "node:fs";

const EVERY_MS = 50;

export interface Verdict {
  /** Most processes that were alive at the same time. */
  readonly most: number;
  /** Number of processes that have lived in all. */
  readonly lives: number;
  readonly samples: number;
  /** Seconds in which two or more were alive together, and in which none was. */
  readonly together: number;
  readonly none: number;
}

/**
 * Counts the containers in which a process with a mark in its arguments is alive, whatever any engine says: all engines
 * of a rig share the machine's own processes.
 */
export class Pulse {
  readonly #timer: NodeJS.Timeout;
  #before: ReadonlySet<string> = new Set();
  #lives = 0;
  #most = 0;
  #samples = 0;
  #together = 0;
  #none = 0;
  #last = performance.now();

  constructor(readonly mark: string) {
    this.#timer = setInterval(() => this.#sample(), EVERY_MS);
  }

  /** Number of containers alive now. */
  alive(): number {
    return this.#namespaces().size;
  }

  stop(): Verdict {
    clearInterval(this.#timer);
    const seconds = (ms: number) => Number((ms / 1000).toFixed(2));
    return {
      most: this.#most,
      lives: this.#lives,
      samples: this.#samples,
      together: seconds(this.#together),
      none: seconds(this.#none),
    };
  }

  #sample(): void {
    const alive = this.#namespaces();
    const now = performance.now();
    if (alive.size > 1) this.#together += now - this.#last;
    if (alive.size === 0) this.#none += now - this.#last;
    this.#last = now;
    this.#samples++;
    this.#most = Math.max(this.#most, alive.size);
    // A namespace's name may be given again, so a container is new when it was not there a moment ago.
    this.#lives += [...alive].filter((one) => !this.#before.has(one)).length;
    this.#before = alive;
  }

  #namespaces(): Set<string> {
    return new Set(readdirSync("/proc").flatMap((pid) => (/^\d+$/.test(pid) ? this.#namespace(pid) : [])));
  }

  /** Finds a process's namespace. A process that only waits to be reaped has no arguments. */
  #namespace(pid: string): string[] {
    try {
      if (!readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0").includes(this.mark)) return [];
      return [readlinkSync(`/proc/${pid}/ns/pid`)];
    } catch {
      return [];
    }
  }
}
