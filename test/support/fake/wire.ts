import { engineError, NoEngine, unreachable, type Named } from "../../../provider/hosts/engine-errors";
import { Refusal } from "../../../provider/hosts/refusal";
import { FormationError } from "../../../provider/core/errors";
import type { Seconds } from "../../../provider/core/units";
import type { VirtualClock } from "./clock";
import type { FakeEngine } from "./engine";

/** Kinds of calls. Those of the first list change nothing. */
export const LOOKS = ["observe", "claims", "inspect", "glance", "wait", "logs"] as const;
export const ACTS = [
  ...(["pull", "create", "start", "update", "unpause", "rename", "stop", "remove"] as const),
  ...(["claim", "unclaim"] as const),
];
export type Kind = (typeof LOOKS)[number] | (typeof ACTS)[number];

/** One call to an engine; `number` counts the calls to all engines from 1, `nth` those of its kind. */
export interface Call {
  readonly number: number;
  readonly nth: number;
  readonly host: string;
  readonly what: Kind;
}

/**
 * What becomes of a call:
 *
 * - `lost`: it never arrives;
 * - `unanswered`: it is carried out, and its answer is lost, also when it is asked for again;
 * - `refused`: it is answered with an error of the engine's own, and not carried out;
 * - `away`: what answers in the engine's place says that there is none;
 * - `halved`: it is carried out, and its answer ends in the middle; a stream tells of an error, and breaks off;
 * - `bare`: it is carried out, and its answer leaves out what it should tell; a stream ends too early, and well;
 * - `silent`: nothing is heard of it until it is given up, and it never arrives;
 * - `late`: the same, but the engine carries it out once nobody waits for it any more;
 * - `killed`: the provider is killed once it has been sent.
 */
export type Fate =
  "answered" | "lost" | "unanswered" | "refused" | "away" | "halved" | "bare" | "silent" | "late" | "killed";

export const FAULTS = [
  ...(["lost", "unanswered", "refused", "away", "halved", "bare", "silent", "late"] as const),
] satisfies Fate[];
type Fault = (typeof FAULTS)[number];

/** Calls that are answered with nothing but a status: there is nothing that could be left out. */
const WITHOUT_BODY: readonly Kind[] = ["start", "update", "unpause", "rename", "stop", "remove", "unclaim"];
/** A look judges its answers by itself, and a stream that ends too early looks like any other. */
const JUDGED: readonly Kind[] = ["observe", "logs", "pull"];

/** How long the provider waits for one call; for an engine that has fallen silent as a whole, less. */
const PATIENCE: Seconds = 60;
const PATIENCE_OF: Readonly<Partial<Record<Kind, Seconds>>> = { observe: 5, claims: 5, pull: 300 };
/** How soon after that an engine that was frozen carries out what it has read. */
const THAW: Seconds = 0.2;

const never = new Promise<never>(() => undefined);

/** A host, as it is called, and the engine that it leads to. */
export interface Line extends Named {
  readonly engine: FakeEngine;
}

/** What the provider's own connection makes of such an answer: `fake-answers.test.ts` compares them. */
export function failureOf(fault: Fault, what: Kind, host: Named, patience: Seconds = patienceFor(what)): Error {
  const isLook = ["observe", "claims", "inspect", "glance"].includes(what);
  const wrapped = (error: Error) => engineError(error, host, isLook);
  switch (fault) {
    case "lost":
      return wrapped(Object.assign(new Error("connection refused"), { code: "ECONNREFUSED" }));
    case "unanswered":
      return wrapped(Object.assign(new Error("socket hang up"), { code: "ECONNRESET" }));
    case "refused":
      return wrapped(new Refusal(500, "something is broken"));
    case "away":
      return wrapped(new Refusal(503, "starting"));
    case "halved":
      if (what === "logs") return failureOf("unanswered", what, host);
      return what === "pull"
        ? wrapped(new Refusal(500, "no space left on device"))
        : wrapped(new NoEngine('{"Id": "1'));
    case "bare":
      return wrapped(new NoEngine("{}"));
    case "silent":
    case "late":
      if (what === "stop") return new FormationError("StopUnconfirmed", `it is not confirmed gone on ${host.name}`);
      return unreachable(host, `no answer within ${patience} s`);
  }
}

function patienceFor(what: Kind): Seconds {
  return PATIENCE_OF[what] ?? PATIENCE;
}

function fails(fate: Fate, what: Kind): fate is Fault {
  if (fate === "answered" || fate === "killed") return false;
  if (fate === "bare" && JUDGED.includes(what)) return false;
  // A process that has ended is judged by its exit code, whether or not its last lines can be read.
  if (fate === "refused" && what === "logs") return false;
  return !((fate === "halved" || fate === "bare") && WITHOUT_BODY.includes(what));
}

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
  readonly #ofKind = new Map<Kind, number>();

  constructor(
    readonly clock: VirtualClock,
    readonly fate: (call: Call) => Fate = () => "answered",
    /** How long a call takes to get there, or its answer to come back. */
    readonly latency: () => Seconds = () => 0.01,
  ) {
    this.killed = new Promise((resolve) => (this.#kill = resolve));
  }

  /** @param act what the engine does, and when it is done with it; of a `bare` answer it may make what is left of it */
  async call<T>(
    host: Line,
    what: Kind,
    act: (fate: Fate) => T | Promise<T>,
    patience: Seconds = patienceFor(what),
  ): Promise<T> {
    if (this.#isKilled) return never;
    const { engine } = host;
    const nth = (this.#ofKind.get(what) ?? 0) + 1;
    this.#ofKind.set(what, nth);
    const fate = this.fate({ number: ++this.calls, nth, host: engine.name, what });
    // Looks that are shared by all who wait have no place among the calls in flight.
    const latency = () => (what === "glance" ? undefined : this.clock.sleep(this.latency()));
    const inFlight = (this.#inFlight.get(engine.name) ?? 0) + 1;
    this.#inFlight.set(engine.name, inFlight);
    this.mostInFlight = Math.max(this.mostInFlight, inFlight);
    try {
      await latency();
      if (!engine.isReachable) throw failureOf("lost", what, host);
      if (fate === "lost" || fate === "refused" || fate === "away") throw failureOf(fate, what, host);
      if (fate === "silent" || fate === "late") {
        await this.clock.sleep(patience);
        if (fate === "late") this.clock.after(THAW, () => this.#carryOut(engine, act));
        throw failureOf(fate, what, host, patience);
      }
      const acting = Promise.resolve(act(fate));
      if (fate === "killed") {
        this.#isKilled = true;
        this.#kill("killed");
      }
      const result = await this.clock.during(acting);
      await latency();
      if (!engine.isReachable) throw failureOf("unanswered", what, host);
      if (fails(fate, what)) throw failureOf(fate, what, host);
      return this.#isKilled ? await never : result;
    } finally {
      this.#inFlight.set(engine.name, (this.#inFlight.get(engine.name) ?? 0) - 1);
    }
  }

  /** Nobody hears of it. */
  #carryOut(engine: FakeEngine, act: (fate: Fate) => unknown): void {
    if (!engine.isReachable) return;
    const work = async () => act("late");
    work().catch(() => undefined);
  }
}
