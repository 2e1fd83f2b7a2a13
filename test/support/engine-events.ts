import { createInterface } from "node:readline";
import { setTimeout as delay } from "node:timers/promises";
import type { Readable } from "node:stream";
import { docker } from "./engine";

interface Event {
  readonly action: "create" | "start" | "die";
  readonly container: string;
  /** Slot, such as `web.1`. */
  readonly slot: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

/** Time that one container's process ran, from start to end in milliseconds. */
export interface Life {
  readonly container: string;
  readonly from: number;
  readonly to: number;
}

/** Events of one app's containers, as the engine itself tells them. */
export class EngineEvents {
  readonly #all: Event[] = [];

  private constructor(private readonly stream: Readable) {
    createInterface({ input: stream }).on("line", (line) => this.#all.push(eventOf(line)));
  }

  static async of(app: string): Promise<EngineEvents> {
    const filters = JSON.stringify({ label: [`formation.app=${app}`], event: ["create", "start", "die"] });
    return new EngineEvents((await docker.getEvents({ filters })) as unknown as Readable);
  }

  get all(): readonly Event[] {
    return [...this.#all].sort((a, b) => a.at - b.at);
  }

  /** Events that happened, and were told, in the course of some work. */
  async during(work: () => Promise<unknown>): Promise<readonly Event[]> {
    const before = this.#all.length;
    await work();
    await delay(200);
    return this.#all.slice(before).sort((a, b) => a.at - b.at);
  }

  lives(slot?: string): Life[] {
    return livesOf(this.all.filter((event) => slot === undefined || event.slot === slot));
  }

  close(): void {
    this.stream.destroy();
  }
}

/** Lives of containers. An engine may tell of one death twice. */
function livesOf(events: readonly Event[]): Life[] {
  const lives: Life[] = [];
  const running = new Map<string, number>();
  for (const { action, container, at } of events) {
    if (action === "start") running.set(container, at);
    const from = running.get(container);
    if (action !== "die" || from === undefined) continue;
    lives.push({ container, from, to: at });
    running.delete(container);
  }
  return [...lives, ...[...running].map(([container, from]): Life => ({ container, from, to: Infinity }))];
}

/** The fewest and the most processes that ran at once. @param running containers that ran before the events */
export function extremes(
  events: readonly Event[],
  running: readonly string[],
): { readonly fewest: number; readonly most: number } {
  const now = new Set(running);
  const counts = events.map(({ action, container }) => {
    if (action === "start") now.add(container);
    if (action === "die") now.delete(container);
    return now.size;
  });
  return { fewest: Math.min(running.length, ...counts), most: Math.max(running.length, ...counts) };
}

function eventOf(line: string): Event {
  const { Action, id, timeNano, Actor } = JSON.parse(line) as {
    readonly Action: Event["action"];
    readonly id: string;
    readonly timeNano: number;
    readonly Actor: { readonly Attributes: Readonly<Record<string, string>> };
  };
  const { "formation.type": type, "formation.index": index } = Actor.Attributes;
  return { action: Action, container: id, slot: `${type ?? ""}.${index ?? ""}`, at: timeNano / 1e6 };
}
