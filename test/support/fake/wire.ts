import { FormationError } from "../../../provider/core/errors";
import type { Seconds } from "../../../provider/core/units";
import type { VirtualClock } from "./clock";
import type { FakeEngine } from "./engine";

/** One call to an engine; `number` counts the calls to all engines from 1. */
export interface Call {
  readonly number: number;
  readonly host: string;
  readonly what: string;
}

/**
 * What becomes of a call: it never arrives; or it is carried out and its answer is lost; or it is answered with an error
 * of the engine's own, and not carried out; or nothing is heard of it until the provider gives the host up; or the
 * provider is killed once it has been sent.
 */
export type Fate = "answered" | "lost" | "unanswered" | "refused" | "silent" | "killed";

/** How long the provider waits for an engine that has fallen silent. */
const SILENCE: Seconds = 20;

const never = new Promise<never>(() => undefined);

/** All that one run of the provider has to do with engines. What a killed one has sent is carried out all the same. */
export class Wire {
  calls = 0;
  /** The most calls that one engine had in hand at a time. */
  mostInFlight = 0;
  /** Settles when the provider has been killed. */
  readonly killed: Promise<"killed">;
  #isKilled = false;
  #kill: (how: "killed") => void = () => undefined;
  readonly #inFlight = new Map<string, number>();

  constructor(
    readonly clock: VirtualClock,
    readonly fate: (call: Call) => Fate = () => "answered",
    /** How long a call takes to get there, or its answer to come back. */
    readonly latency: () => Seconds = () => 0.01,
  ) {
    this.killed = new Promise((resolve) => (this.#kill = resolve));
  }

  /** @param act what the engine does, and when it is done with it */
  async call<T>(engine: FakeEngine, what: string, act: () => T | Promise<T>): Promise<T> {
    if (this.#isKilled) return never;
    const fate = this.fate({ number: ++this.calls, host: engine.name, what });
    const inFlight = (this.#inFlight.get(engine.name) ?? 0) + 1;
    this.#inFlight.set(engine.name, inFlight);
    this.mostInFlight = Math.max(this.mostInFlight, inFlight);
    try {
      await this.clock.sleep(this.latency());
      if (fate === "lost" || !engine.isReachable) throw this.#unreachable(engine, "connection refused");
      if (fate === "refused") throw this.#refused(engine, what);
      if (fate === "silent") {
        await this.clock.sleep(SILENCE);
        throw this.#unreachable(engine, "no answer");
      }
      const acting = Promise.resolve(act());
      if (fate === "killed") {
        this.#isKilled = true;
        this.#kill("killed");
      }
      const result = await this.clock.during(acting);
      await this.clock.sleep(this.latency());
      if (fate === "unanswered" || !engine.isReachable) throw this.#unreachable(engine, "socket hang up");
      return this.#isKilled ? await never : result;
    } finally {
      this.#inFlight.set(engine.name, (this.#inFlight.get(engine.name) ?? 0) - 1);
    }
  }

  /** A look at no cost, between two waits. */
  async glance<T>(engine: FakeEngine, look: () => T): Promise<T> {
    if (this.#isKilled) return never;
    if (!engine.isReachable) throw this.#unreachable(engine, "connection refused");
    return look();
  }

  /** One that cannot even be looked at is as good as off. */
  #refused(engine: FakeEngine, what: string): FormationError {
    if (what === "observe") return this.#unreachable(engine, "something is broken");
    return new FormationError("EngineRefused", `${engine.name}: something is broken`);
  }

  #unreachable({ name }: FakeEngine, why: string): FormationError {
    return new FormationError("HostUnreachable", `cannot reach ${name}: ${why}`);
  }
}
