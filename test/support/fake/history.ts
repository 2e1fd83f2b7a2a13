import type { Seconds } from "../../../provider/core/units";

/** What became of a process: `restart` is the engine's own doing, `ready` is what the provider was told. */
export interface Happening {
  readonly at: Seconds;
  readonly event: "start" | "restart" | "ready" | "die";
  readonly host: string;
  readonly container: string;
  /** `shop.web.1`: its labels' app, type and index; empty for a container without them. */
  readonly slot: string;
  readonly type: string;
  readonly singleton: boolean;
}

type Alive = ReadonlyMap<string, Happening>;

/** All that happened on several engines, in its order. */
export class History {
  readonly happenings: Happening[] = [];

  add(happening: Happening): void {
    this.happenings.push(happening);
  }

  /** Every process that came up while another one of its kind was alive. @param kind empty for what does not matter */
  overlaps(kind: (one: Happening) => string): string[] {
    const found: string[] = [];
    this.#replay((now, alive) => {
      if (kind(now) === "" || (now.event !== "start" && now.event !== "restart")) return;
      for (const other of alive.values())
        if (other.container !== now.container && kind(other) === kind(now))
          found.push(`${now.slot} came up on ${now.host} at ${now.at} s while ${other.slot} ran on ${other.host}`);
    });
    return found;
  }

  /** The fewest processes of a type that served at any moment from here on; a new one serves once it is ready. */
  fewest(type: string, from: number): number {
    let fewest = Infinity;
    const serving = new Set<string>();
    const count = () => (fewest = Math.min(fewest, serving.size));
    this.happenings.forEach((now, at) => {
      if (at === from) count();
      if (now.type !== type) return;
      if (now.event === "die") serving.delete(now.container);
      else if (now.event === "ready" || at < from) serving.add(now.container);
      if (at >= from) count();
    });
    if (this.happenings.length <= from) count();
    return fewest;
  }

  #replay(look: (now: Happening, alive: Alive) => void): void {
    const alive = new Map<string, Happening>();
    for (const now of this.happenings) {
      look(now, alive);
      if (now.event === "die") alive.delete(now.container);
      else alive.set(now.container, now);
    }
  }
}
