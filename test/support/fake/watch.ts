import type { Happening, History } from "./history";
import { partIn, type Owner, type Part } from "./story";

/** Finds second processes of a singleton, under any name, on any engine. */
export class Watch {
  readonly #alive = new Map<string, Happening>();
  #seen = 0;

  constructor(
    readonly history: History,
    readonly isSingleton: (who: Owner, part: Part) => boolean,
  ) {}

  /** @returns overlaps of singletons since the last call */
  seen(): string[] {
    const all = this.history.happenings.slice(this.#seen);
    this.#seen = this.history.happenings.length;
    const before = new Set(this.#alive.keys());
    return all.flatMap((now) => this.#note(now, before));
  }

  #note(now: Happening, before: ReadonlySet<string>): string[] {
    if (now.event === "die") this.#alive.delete(now.container);
    const is = partIn(now.command);
    if (is === undefined || (now.event !== "start" && now.event !== "restart")) return [];
    const others = [...this.#alive.values()].filter(({ container, command }) => {
      const other = partIn(command);
      return container !== now.container && other?.who === is.who && other.part === is.part;
    });
    this.#alive.set(now.container, now);
    // A restart by an engine of a process that was there before is not the provider's doing.
    const isTheirs = now.event === "restart" && before.has(now.container);
    if (isTheirs || !this.isSingleton(is.who, is.part)) return [];
    return others.map(
      (other) =>
        `${now.slot} (${now.container}) came up at ${now.at} s while ${other.slot} (${other.container}) was alive`,
    );
  }
}
