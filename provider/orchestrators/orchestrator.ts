import type { Progress, Report } from "./apply";
import type { Hold } from "./claiming";
import type { Claim } from "../core/model/claim";
import type { Change } from "../core/model/change";
import type { Formation } from "../core/values/formation";
import type { ObservedHost } from "../core/model/observed";
import type { Plan } from "../core/plan/plan";
import type { Spec } from "../core/inputs/spec";
import type { Recorded } from "../core/record/state";
import type { Properties } from "../core/record/properties";
import type { HookContext } from "./hook-context";

/** Places and keeps processes. All that follows from an observation is up to it; the lifecycle is the same for all. */
export interface Orchestrator {
  /** Plans a new app's first `up`, as far as that can be done without observing anything. */
  planOfNew(spec: Spec, formation: Formation): Plan<unknown>;
  /** Observes everything that has, or is to have, a part of the formation. */
  observe(spec: Spec, state: Recorded, context: HookContext): Promise<Snapshot>;
  /** Observes everything where the formation ever was, as a delete needs it. */
  observeRecorded(state: Recorded, context: HookContext): Promise<Snapshot>;
}

/**
 * A snapshot: one observation, and what can be planned and applied from there. @typeParam S its steps, which only its
 * own orchestrator can read
 */
export interface Snapshot<S = unknown> {
  readonly observed: readonly ObservedHost[];
  /** @throws when something that was observed forbids any change at all */
  plan(formation: Formation, state: Recorded): Plan<S>;
  /** Plans a first deployment, in which hosts that cannot be reached yet count as empty. @throws as `plan` does */
  planOfNew(formation: Formation): Plan<S>;
  /** The claims on everything that was observed. */
  readonly claims: readonly Claim[];
  /** Plans a delete: ends the formation's own processes, as far as they can be reached. */
  removal(): Pick<Plan<S>, "changes" | "blocked" | "notes">;
  /** Reason why nothing may be done: the environment leads to an engine that cannot be reached. */
  readonly astray?: string;
  /**
   * Provides everything that must be there before anything is stopped. @returns true when another observation is due
   */
  prepare(plan: Plan<S>): Promise<boolean>;
  /** Selects the changes that end a process which runs now. */
  stopping(changes: readonly Change<S>[]): readonly Change<S>[];
  apply(changes: readonly Change<S>[], progress: Progress): Promise<Report>;
  /**
   * The key of a formation that has no state, read from the processes that it continues or takes over.
   *
   * @throws OwnedByOther when the app is another formation's
   */
  key(): Promise<string | undefined>;
  /** Claims the hosts and names that the plan is the first to use. @throws OwnedByOther when somebody else was first */
  hold(plan: Plan<S>, state: Recorded): Promise<Hold>;
  /** Removes claims where nothing is left to claim. */
  tidy(state: Recorded): Promise<void>;
  /** True when a person vouches for a host's being off: an update without it is complete. */
  isWrittenOff(host: string): boolean;
  /**
   * State that the next observation needs. @param before hosts as observed before the update: one may be unreachable
   * now
   */
  toRemember(before: readonly ObservedHost[]): Properties;
}
