import type { Progress, Report } from "./apply";
import type { Hold } from "./claiming";
import type { Claim } from "./core/claim";
import type { Change } from "./core/change";
import type { Formation } from "./core/formation";
import type { ObservedHost } from "./core/observed";
import type { Plan } from "./core/plan";
import type { Spec } from "./core/spec";
import type { Recorded } from "./core/state";
import type { Properties } from "./properties";
import type { Surroundings } from "./surroundings";

/** Who places and keeps processes. All that follows from a look is up to it; the lifecycle is the same for all. */
export interface Orchestrator {
  /** What a new app's first `up` will do, as far as it can be told without a look. */
  planOfNew(spec: Spec, formation: Formation): Plan<unknown>;
  /** One look at everything that has, or is to have, a part of the formation. */
  look(spec: Spec, state: Recorded, around: Surroundings): Promise<Site>;
  /** One look at everything where the formation ever was: what a delete needs. */
  lookBack(state: Recorded, around: Surroundings): Promise<Site>;
}

/** What one look saw, and what can be done there. @typeParam S its steps, which nobody else can read */
export interface Site<S = unknown> {
  readonly observed: readonly ObservedHost[];
  /** @throws when something there forbids any change at all */
  plan(formation: Formation, state: Recorded): Plan<S>;
  /** The plan of a first deployment, in which hosts that cannot be reached yet count as empty. @throws as `plan` does */
  planOfNew(formation: Formation): Plan<S>;
  /** The claims on all that was looked at. */
  readonly claims: readonly Claim[];
  /** The plan of a delete: ends what is this stack's own and within reach. */
  removal(): Pick<Plan<S>, "changes" | "blocked" | "notes">;
  /** Why nothing may be done: the surroundings lead to an engine that cannot be reached. */
  readonly astray?: string;
  /** Sees to what must be there before anything is stopped. @returns whether another look is due */
  prepare(plan: Plan<S>): Promise<boolean>;
  /** Those of the changes that end a process that runs now. */
  stopping(changes: readonly Change<S>[]): readonly Change<S>[];
  apply(changes: readonly Change<S>[], progress: Progress): Promise<Report>;
  /**
   * The key of a formation that has no state, as processes hold it that it goes on with, or takes over.
   *
   * @throws OwnedByOther when the app is another formation's
   */
  key(): Promise<string | undefined>;
  /** Claims what the plan is the first to use. @throws OwnedByOther when somebody else was there before */
  hold(plan: Plan<S>, state: Recorded): Promise<Hold>;
  /** Takes claims away where nothing is left to claim. */
  tidy(state: Recorded): Promise<void>;
  /** Whether a person vouches for a host's being off: what is done without it is complete. */
  isWrittenOff(host: string): boolean;
  /** What the next look needs to know of this one. @param before what was seen before the update: a part may be lost now */
  memory(before: readonly ObservedHost[]): Properties;
}
