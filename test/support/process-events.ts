import type { Readable } from "node:stream";
import { createInterface } from "node:readline";
import { docker } from "./engine";

interface Event {
  readonly Action: string;
  readonly Actor: { readonly ID: string; readonly Attributes: Readonly<Record<string, string>> };
}

/** Starts and ends of an app's processes, as the engine itself tells them. */
export class ProcessEvents {
  /** Most processes that were alive at once, by type. */
  readonly mostAtOnce = new Map<string, number>();
  readonly #alive = new Map<string, string>();

  private constructor(private readonly stream: Readable) {
    createInterface({ input: stream }).on("line", (line) => this.#take(JSON.parse(line) as Event));
  }

  static async of(app: string): Promise<ProcessEvents> {
    const filters = JSON.stringify({ event: ["start", "die"], label: [`formation.app=${app}`] });
    return new ProcessEvents((await docker.getEvents({ filters })) as unknown as Readable);
  }

  close(): void {
    this.stream.destroy();
  }

  #take({ Action: action, Actor: { ID: id, Attributes: labels } }: Event): void {
    const type = labels["formation.type"] ?? "";
    if (action === "die") this.#alive.delete(id);
    else this.#alive.set(id, type);
    const now = [...this.#alive.values()].filter((one) => one === type).length;
    this.mostAtOnce.set(type, Math.max(now, this.mostAtOnce.get(type) ?? 0));
  }
}
