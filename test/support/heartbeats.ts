import { createSocket, type Socket } from "node:dgram";
import { once } from "node:events";
import type { Readable } from "node:stream";
import { docker } from "./engine";

/** How often a process beats. */
export const INTERVAL_MS = 50;

/** A command: beats, to the machine at the other end of the engine's bridge, until it is killed or STOP_MS after SIGTERM. */
export const BEATING = [
  "node",
  "-e",
  `const read = (file) => require("fs").readFileSync(file, "utf8");
   const [, id] = /containers\\/([0-9a-f]{64})/.exec(read("/proc/self/mountinfo"));
   const [, gateway] = /\\t00000000\\t(\\w{8})/.exec(read("/proc/net/route"));
   const host = [...Buffer.from(gateway, "hex")].reverse().join(".");
   const socket = require("dgram").createSocket("udp4");
   const beat = () => socket.send(Date.now() + " " + id, process.env.COLLECTOR, host);
   setInterval(beat, ${INTERVAL_MS});
   beat();
   process.on("SIGTERM", () => setTimeout(() => process.exit(), Number(process.env.STOP_MS)));`,
];

export interface Life {
  readonly container: string;
  /** In milliseconds. */
  readonly from: number;
  readonly to: number;
}

/**
 * Watches the processes of one app from two sides: the heartbeats that they send over the engine's bridge, and the
 * engine's own events.
 */
export class Heartbeats {
  readonly #beats = new Map<string, { first: number; last: number }>();
  readonly #events: { readonly action: string; readonly container: string; readonly at: number }[] = [];

  private constructor(
    readonly socket: Socket,
    readonly stream: Readable,
  ) {
    socket.on("message", (message) => {
      const [time = "", container = ""] = message.toString().split(" ");
      const beat = this.#beats.get(container);
      if (beat === undefined) this.#beats.set(container, { first: Number(time), last: Number(time) });
      else beat.last = Math.max(beat.last, Number(time));
    });
    let rest = "";
    stream.on("data", (chunk: Buffer) => {
      const lines = (rest + chunk.toString("utf8")).split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines.filter((one) => one.trim() !== "")) {
        const event = JSON.parse(line) as { Action: string; id: string; timeNano: number };
        this.#events.push({ action: event.Action, container: event.id, at: event.timeNano / 1e6 });
      }
    });
  }

  static async of(app: string): Promise<Heartbeats> {
    const socket = createSocket("udp4").bind(0);
    await once(socket, "listening");
    const filters = JSON.stringify({ label: [`formation.app=${app}`], event: ["start", "die"] });
    const stream = (await docker.getEvents({ filters })) as Readable;
    return new Heartbeats(socket, stream);
  }

  /** For the variable COLLECTOR. */
  get collector(): string {
    return String(this.socket.address().port);
  }

  /** How many processes were heard. */
  get heard(): number {
    return this.#beats.size;
  }

  /** Each time that two ran at once, or that one began within an interval of another's last beat. */
  overlaps(): string[] {
    const beating = [...this.#beats].map(([container, { first, last }]): Life => ({
      container,
      from: first,
      to: last,
    }));
    return [...meetings(beating, INTERVAL_MS, "beats"), ...meetings(this.#lives(), 0, "events")];
  }

  #lives(): Life[] {
    const lives: Life[] = [];
    const running = new Map<string, number>();
    for (const { action, container, at } of [...this.#events].sort((a, b) => a.at - b.at)) {
      const from = running.get(container);
      if (action === "start") running.set(container, at);
      else if (from !== undefined) {
        lives.push({ container, from, to: at });
        running.delete(container);
      }
    }
    return [...lives, ...[...running].map(([container, from]): Life => ({ container, from, to: Infinity }))];
  }

  close(): void {
    this.socket.close();
    this.stream.destroy();
  }
}

/** Each time that one began before another was over, or within a distance of it. */
export function meetings(lives: Life[], distance: number, seenIn: string): string[] {
  const sorted = [...lives].sort((a, b) => a.from - b.from);
  return sorted.slice(1).flatMap((life, at) => {
    const before = sorted[at];
    if (before === undefined || before.to + distance <= life.from) return [];
    const names = `${before.container.slice(0, 12)} and ${life.container.slice(0, 12)}`;
    return [`${seenIn}: ${names} for ${Math.round(before.to - life.from)} ms`];
  });
}
