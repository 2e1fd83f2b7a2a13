import type { Seconds } from "../../../provider/core/units";

/** What became of a process: `restart` is the engine's own doing, `ready` is what the provider was told. */
export interface Happening {
  readonly at: Seconds;
  readonly event: "start" | "restart" | "ready" | "pause" | "unpause" | "die";
  readonly host: string;
  readonly container: string;
  readonly type: string;
  /** `web.1`; empty for a container without labels, as is `type`. */
  readonly slot: string;
  readonly singleton: boolean;
}

/** One came up while the other was alive. */
export interface Overlap {
  readonly now: Happening;
  readonly other: Happening;
}

/** All that happened on several engines, in its order. */
export class History {
  readonly happenings: Happening[] = [];

  add(happening: Happening): void {
    this.happenings.push(happening);
  }

  since(mark: number, event: Happening["event"]): Happening[] {
    return this.happenings.slice(mark).filter((one) => one.event === event);
  }

  /**
   * Every process that came up, from a point on, while another one of its kind was alive.
   *
   * @param kind empty for what does not matter
   */
  overlaps(mark: number, kind: (one: Happening) => string): Overlap[] {
    const found: Overlap[] = [];
    const alive = new Map<string, Happening>();
    this.happenings.forEach((now, at) => {
      if (kind(now) === "") return;
      if (now.event === "die") alive.delete(now.container);
      if (now.event !== "start" && now.event !== "restart") return;
      const others = [...alive.values()].filter((one) => one.container !== now.container && kind(one) === kind(now));
      if (at >= mark) found.push(...others.map((other) => ({ now, other })));
      alive.set(now.container, now);
    });
    return found;
  }

  /** The slots of a type that served at a point; a process serves once it is ready. */
  serving(type: string, mark: number): Set<string> {
    const serving = new Map<string, string>();
    for (const now of this.happenings.slice(0, mark)) note(serving, now, type);
    return new Set(serving.values());
  }

  /** The fewest processes of a type that served at any moment from a point on. */
  fewest(type: string, mark: number): number {
    const serving = new Map<string, string>();
    for (const now of this.happenings.slice(0, mark)) note(serving, now, type);
    let fewest = serving.size;
    for (const now of this.happenings.slice(mark)) {
      note(serving, now, type);
      fewest = Math.min(fewest, serving.size);
    }
    return fewest;
  }
}

function note(serving: Map<string, string>, { type, event, container, slot }: Happening, wanted: string): void {
  if (type !== wanted) return;
  if (event === "ready") serving.set(container, slot);
  if (event === "die" || event === "pause") serving.delete(container);
}
