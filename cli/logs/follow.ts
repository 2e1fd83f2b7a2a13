import { setTimeout as delay } from "node:timers/promises";
import { explain, hasCode } from "../../provider/core/values/errors";
import { processName } from "../../provider/core/values/names";
import type { LogQuery, Seen, Viewer } from "../../provider/orchestrators/viewer";
import { isOwn, type App } from "../observe/app";
import type { Selection } from "../observe/select";
import type { Entry } from "./entry";
import { Position } from "./position";
import { entriesOf } from "./source";

/** Events within this time lead to a single observation. */
const GATHER_MS = 100;
const RECONNECT_MS = 1_000;

/** Parameters of following a host's logs. */
export interface Following {
  readonly app: Pick<App, "name" | "identity" | "owner" | "instances">;
  readonly isMeant: Selection;
  /** Position up to which each container has been read, by id. */
  readonly positions: Map<string, Position>;
  /** Query for a container that has not been read yet. */
  readonly begin: LogQuery;
  /** Passes on an entry; resolves when more can be taken. */
  readonly push: (entry: Entry) => Promise<void>;
  readonly warn: (text: string) => void;
  readonly signal: AbortSignal;
}

/** Passes on the output of all processes on a host, including those that start later. */
export class Follower {
  /** Containers whose output is being read. */
  readonly #active = new Set<string>();
  /** Containers that have started and whose output is not being read yet. */
  readonly #due = new Set<string>();
  /** Containers whose output has ended although they may still run: a connection broke, or a log was rotated. */
  readonly #ended = new Set<string>();
  #timer: NodeJS.Timeout | undefined;
  #lookAt = Infinity;
  #isLost = false;

  constructor(
    readonly viewer: Viewer,
    readonly following: Following,
  ) {}

  /** Follows until the signal, and reconnects to a host that was unreachable. */
  async run(): Promise<void> {
    const { signal } = this.following;
    while (!signal.aborted) {
      await this.#watch().catch((error: unknown) => this.#lose(error));
      await delay(RECONNECT_MS, undefined, { signal }).catch(() => undefined);
    }
  }

  async #watch(): Promise<void> {
    const { app, signal } = this.following;
    const events = this.viewer.events(app.name, signal)[Symbol.asyncIterator]();
    // Subscribe to events before listing containers, so that no start is missed between the two.
    let next = events.next();
    next.catch(() => undefined);
    await this.#look(() => true);
    for (let event = await next; event.done !== true; event = await next) {
      const { container, action } = event.value;
      if (action === "start") this.#started(container);
      next = events.next();
    }
  }

  #started(container: string): void {
    this.#due.add(container);
    this.#lookIn(GATHER_MS);
  }

  #lookIn(milliseconds: number): void {
    const at = performance.now() + milliseconds;
    if (at >= this.#lookAt || this.following.signal.aborted) return;
    clearTimeout(this.#timer);
    this.#lookAt = at;
    this.#timer = setTimeout(() => {
      this.#lookAt = Infinity;
      const goesOn = (container: Seen) => this.#ended.has(container.container) && container.state === "running";
      this.#look((container) => this.#due.has(container.container) || goesOn(container)).catch((error: unknown) => {
        this.#lose(error);
        // Observe again later: the event stream may still be up and does not repeat the event.
        this.#lookIn(RECONNECT_MS);
      });
    }, milliseconds);
  }

  async #look(isDue: (container: Seen) => boolean): Promise<void> {
    const { app, isMeant } = this.following;
    const own = (await this.viewer.list(app.name)).filter((container) => isOwn(app, container) && isMeant(container));
    if (this.#isLost) this.following.warn(`${this.viewer.name} can be reached again`);
    this.#isLost = false;
    const due = own.filter((container) => isDue(container) && !this.#active.has(container.container));
    this.#ended.clear();
    for (const container of due) void this.#read(container);
  }

  async #read(container: Seen): Promise<void> {
    const { positions, begin, push, warn, signal } = this.following;
    const position = positions.get(container.container) ?? new Position();
    positions.set(container.container, position);
    this.#active.add(container.container);
    this.#due.delete(container.container);
    const refusals: unknown[] = [];
    const lose = (_: Viewer, error: unknown) => {
      if (hasCode(error, "HostUnreachable")) return this.#lose(error);
      refusals.push(error);
      warn(`warning: ${explain(error)}; what ${processName(container.type, container.index)} writes is left out`);
    };
    const reading = { signal, lose };
    const query = { ...position.next(begin), follow: true };
    for await (const entry of entriesOf(this.viewer, container, query, position, reading)) await push(entry);
    this.#active.delete(container.container);
    // The container started again before the end of its output arrived.
    if (this.#due.has(container.container)) return this.#started(container.container);
    if (refusals.length > 0) return;
    this.#ended.add(container.container);
    this.#lookIn(RECONNECT_MS);
  }

  /** Warns once that the host is unreachable, however many calls fail. */
  #lose(error: unknown): void {
    if (this.following.signal.aborted || this.#isLost) return;
    this.#isLost = true;
    this.following.warn(`warning: ${explain(error)}; its processes are left out until it can be reached again`);
  }
}
