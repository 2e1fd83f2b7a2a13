import { createSocket, type Socket } from "node:dgram";
import { once } from "node:events";
import { EngineEvents, type Life } from "./engine-events";

/** Time from one beat of a process to the next. */
export const INTERVAL_MS = 50;

/** Command that beats, over the engine's bridge to this machine, until it is killed or STOP_MS after SIGTERM. */
export const BEATING = [
  "node",
  "-e",
  `const read = (file) => require("fs").readFileSync(file, "utf8");
   const [, id] = /containers\\/([0-9a-f]{64})/.exec(read("/proc/self/mountinfo"));
   const [, gateway] = /\\t00000000\\t(\\w{8})/.exec(read("/proc/net/route"));
   const host = [...Buffer.from(gateway, "hex")].reverse().join(".");
   const socket = require("dgram").createSocket("udp4");
   const run = id.slice(0, 12) + "@" + Date.now();
   const beat = () => socket.send(Date.now() + " " + run, process.env.COLLECTOR, host);
   setInterval(beat, ${INTERVAL_MS});
   beat();
   process.on("SIGTERM", () => setTimeout(() => process.exit(), Number(process.env.STOP_MS)));`,
];

/**
 * Watches the processes of one app from two sides: by the heartbeats that they send over the engine's bridge, and by
 * the engine's own events.
 */
export class Heartbeats {
  /** Beats by container and time of start, because a container that was stopped may be started again. */
  readonly #beats = new Map<string, { first: number; last: number }>();

  private constructor(
    readonly socket: Socket,
    readonly events: EngineEvents,
  ) {
    socket.on("message", (message) => {
      const [time = "", run = ""] = message.toString().split(" ");
      const beat = this.#beats.get(run);
      if (beat === undefined) this.#beats.set(run, { first: Number(time), last: Number(time) });
      else beat.last = Math.max(beat.last, Number(time));
    });
  }

  static async of(app: string): Promise<Heartbeats> {
    const socket = createSocket("udp4").bind(0);
    await once(socket, "listening");
    return new Heartbeats(socket, await EngineEvents.of(app));
  }

  /** Port to pass to processes as the variable COLLECTOR. */
  get collector(): string {
    return String(this.socket.address().port);
  }

  /** Number of processes whose beats were received. */
  get heard(): number {
    return this.#beats.size;
  }

  /**
   * Cases of two processes at once, or of one that began within an interval of another's last beat.
   *
   * @param slot to which the engine's events are limited
   */
  overlaps(slot?: string): string[] {
    const beating = [...this.#beats].map(([container, { first, last }]): Life => ({
      container,
      from: first,
      to: last,
    }));
    return [...meetings(beating, INTERVAL_MS, "beats"), ...meetings(this.events.lives(slot), 0, "events")];
  }

  close(): void {
    this.socket.close();
    this.events.close();
  }
}

export function meetings(lives: Life[], distance: number, seenIn: string): string[] {
  const sorted = [...lives].sort((a, b) => a.from - b.from);
  return sorted.slice(1).flatMap((life, at) => {
    const before = sorted[at];
    if (before === undefined || before.to + distance <= life.from) return [];
    const names = `${before.container.slice(0, 12)} and ${life.container.slice(0, 12)}`;
    return [`${seenIn}: ${names} for ${Math.round(before.to - life.from)} ms`];
  });
}
