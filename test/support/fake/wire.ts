import { engineError, NoEngine, unreachable, type Named } from "../../../provider/engine/errors";
import { Refusal } from "../../../provider/engine/refusal";
import { FormationError } from "../../../provider/core/values/errors";
import type { Seconds } from "../../../provider/core/values/units";
import type { VirtualClock } from "./clock";
import type { FakeEngine } from "./engine";

/** Kinds of calls. The first list only reads. */
export const LOOKS = ["observe", "claims", "inspect", "glance", "wait", "logs"] as const;
export const ACTS = [
  ...(["pull", "create", "connect", "start", "update", "unpause", "rename", "stop", "remove"] as const),
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
 * The fate of a call:
 *
 * - `lost`: it never arrives;
 * - `unanswered`: it is carried out, and its answer is lost, also when the call is repeated;
 * - `refused`: it is answered with an error of the engine's own, and not carried out;
 * - `away`: a proxy answers that its engine is down;
 * - `halved`: it is carried out, and its answer ends in the middle; a stream reports an error, and breaks off;
 * - `bare`: it is carried out, and its answer lacks a field; a stream ends too early, without an error;
 * - `silent`: it never arrives, and no answer comes until the provider gives up;
 * - `late`: the same, but the engine carries it out once nobody waits for it any more;
 * - `killed`: the provider is killed once it has been sent.
 */
export type Fate =
  "answered" | "lost" | "unanswered" | "refused" | "away" | "halved" | "bare" | "silent" | "late" | "killed";

export const FAULTS = [
  ...(["lost", "unanswered", "refused", "away", "halved", "bare", "silent", "late"] as const),
] satisfies Fate[];
type Fault = (typeof FAULTS)[number];

/** Calls answered with nothing but a status: there is no field that could be missing. */
const WITHOUT_BODY: readonly Kind[] = ["start", "update", "unpause", "rename", "stop", "remove", "unclaim"];
/** An observation checks its answers by itself, and a stream that ends too early is like any other. */
const JUDGED: readonly Kind[] = ["observe", "logs", "pull"];

/** The provider waits this long for one call; less for an engine that does not answer at all. */
const PATIENCE: Seconds = 60;
const PATIENCE_OF: Readonly<Partial<Record<Kind, Seconds>>> = { observe: 5, claims: 5, pull: 300 };
/** An engine that was frozen carries out a late call this long after the provider has given up. */
const THAW: Seconds = 0.2;

const never = new Promise<never>(() => undefined);

/** A host and the engine that it leads to. */
export interface Line extends Named {
  readonly engine: FakeEngine;
}

/** The error that the provider's own client makes of a fault: `fake-answers.test.ts` compares the two. */
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
  // The exit code of an ended process counts even when its last lines cannot be read.
  if (fate === "refused" && what === "logs") return false;
  return !((fate === "halved" || fate === "bare") && WITHOUT_BODY.includes(what));
}

/** Carries the calls of one run of the provider. A killed run's last call is carried out all the same. */
export class Wire {
  calls = 0;
  /** The most calls that one engine had at a time. */
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
    /** Travel time of a call, and of its answer. */
    readonly latency: () => Seconds = () => 0.01,
  ) {
    this.killed = new Promise((resolve) => (this.#kill = resolve));
  }

  /** @param act carries out the call on the engine; for the fate `bare` it may leave out fields itself */
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
    // A glance is one call for all that wait, so it takes no time of its own.
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

  /** Carries out a call whose answer goes nowhere. */
  #carryOut(engine: FakeEngine, act: (fate: Fate) => unknown): void {
    if (!engine.isReachable) return;
    const work = async () => act("late");
    work().catch(() => undefined);
  }
}
