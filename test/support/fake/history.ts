import type { Seconds } from "../../../provider/core/values/units";

/** An event of a process: `restart` is the engine's own, `ready` means that the provider knows it to be ready. */
export interface Happening {
  readonly at: Seconds;
  readonly event: "start" | "restart" | "ready" | "pause" | "unpause" | "die";
  readonly host: string;
  readonly container: string;
  readonly type: string;
  /** `web.1`; empty for a container without labels, as is `type`. */
  readonly slot: string;
  readonly singleton: boolean;
  /** The command that it runs, which tells processes apart whatever their type and app are called. */
  readonly command: string;
}

/** A process that came up while another was alive. */
export interface Overlap {
  readonly now: Happening;
  readonly other: Happening;
}

/** The events of several engines, in their order. */
export class History {
  readonly happenings: Happening[] = [];

  add(happening: Happening): void {
    this.happenings.push(happening);
  }

  since(mark: number, event: Happening["event"]): Happening[] {
    return this.happenings.slice(mark).filter((one) => one.event === event);
  }

  /**
   * Finds every process that came up, from a point on, while another of its kind was alive. Earlier overlaps, and
   * restarts by engines of earlier processes, do not count.
   *
   * @param kind empty for a process that is left out
   */
  overlaps(mark: number, kind: (one: Happening) => string): Overlap[] {
    const found: Overlap[] = [];
    const alive = new Map<string, Happening>();
    const known = new Set(this.happenings.slice(0, mark).map(({ container }) => container));
    let before: ReadonlySet<string> = known;
    this.happenings.forEach((now, at) => {
      if (at === mark) before = new Set(alive.keys());
      if (kind(now) === "") return;
      if (now.event === "die") alive.delete(now.container);
      if (now.event !== "start" && now.event !== "restart") return;
      const others = [...alive.values()].filter((one) => one.container !== now.container && kind(one) === kind(now));
      const theirs = now.event === "restart" ? known : before;
      const isOurs = (other: Happening) => !theirs.has(now.container) || !theirs.has(other.container);
      if (at >= mark) found.push(...others.filter(isOurs).map((other) => ({ now, other })));
      alive.set(now.container, now);
    });
    return found;
  }

  /** The slots of a type that served at a point. */
  serving(type: string, mark: number): Set<string> {
    const services = new Services(type);
    for (const now of this.happenings.slice(0, mark)) services.note(now);
    return new Set(services.now().map(({ slot }) => slot));
  }

  /** The fewest processes of a type that served at any moment from a point on. */
  fewest(type: string, mark: number): number {
    const services = new Services(type);
    for (const now of this.happenings.slice(0, mark)) services.note(now);
    let fewest = services.now().length;
    for (const now of this.happenings.slice(mark)) {
      services.note(now);
      fewest = Math.min(fewest, services.now().length);
    }
    return fewest;
  }
}

/** A process that has run for this long counts as ready. */
const MONITOR: Seconds = 1;

/** Processes of a type that serve: they were found ready, or have run for long enough. */
class Services {
  #at: Seconds = 0;
  readonly #up = new Map<string, Happening>();

  constructor(readonly type: string) {}

  note(now: Happening): void {
    this.#at = now.at;
    if (now.type !== this.type) return;
    if (now.event === "die" || now.event === "pause") this.#up.delete(now.container);
    else this.#up.set(now.container, now);
  }

  now(): Happening[] {
    return [...this.#up.values()].filter(({ event, at }) => event === "ready" || at + MONITOR <= this.#at);
  }
}
