import type { DesiredInstance } from "./desired";
import { processName } from "../values/names";
import type { ObservedInstance } from "./observed";
import type { HttpCheck } from "../inputs/process-type";
import type { Seconds } from "../values/units";

/**
 * Single engine calls, or waits between them. `container` is an id, or the name that a `run` of the same change gave.
 */
export type Step =
  | { readonly op: "run"; readonly want: DesiredInstance }
  /** Returns when a new process is ready. */
  | { readonly op: "ready"; readonly container: string; readonly readiness: Readiness }
  /**
   * Returns when a process that was there before is ready, or turns out not to be: it may lack features that are asked
   * of the new one.
   */
  | { readonly op: "settle"; readonly container: string; readonly readiness: Readiness }
  /** Starts a container and lets its engine keep it running, whatever `park` did to it. The files of `want` are written first. */
  | { readonly op: "start"; readonly container: string; readonly want?: DesiredInstance }
  | { readonly op: "unpause"; readonly container: string }
  | { readonly op: "rename"; readonly container: string; readonly name: string }
  /** Stops a container so that nothing but a `start` brings it back. */
  | { readonly op: "park"; readonly container: string; readonly timeout: Seconds }
  | { readonly op: "stop"; readonly container: string; readonly timeout: Seconds }
  | { readonly op: "remove"; readonly container: string }
  /**
   * Stops and removes the container that a `run` has made, if any; `spare`, which may carry the same labels, is left
   * alone.
   */
  | { readonly op: "discard"; readonly want: DesiredInstance; readonly spare?: string }
  /** Runs a one-off process to its end. */
  | { readonly op: "once"; readonly want: DesiredInstance; readonly timeout: Seconds }
  | { readonly op: "wait"; readonly seconds: Seconds };

/**
 * A process is ready once its engine calls it healthy, it answers, and it has run for `monitor`: whichever is declared.
 */
export interface Readiness {
  readonly monitor: Seconds;
  readonly http?: HttpCheck;
}

export type Verb = "create" | "start" | "unpause" | "rename" | "replace" | "remove" | "run";

/** The occasion of a change, for the audit line. */
export type Reason = "scale" | "release" | "restart" | "move" | "repair";

/** Everything that happens to one slot, with the cause in the user's words. */
export interface Change<S = Step> {
  readonly type: string;
  /** 0 for a change of a type as a whole. */
  readonly index: number;
  readonly host: string;
  /** True when the process that it ends or starts must never run twice. */
  readonly singleton: boolean;
  readonly verb: Verb;
  readonly reason: Reason;
  readonly cause: string;
  readonly steps: readonly S[];
  /** Changes that must have succeeded before this one may begin. */
  readonly needs: readonly Change<S>[];
  /** Steps that take the change back, however far it got, when it or another change of the same release has failed. */
  readonly undo: readonly S[];
  /** Steps that give up the way back, once the whole release has succeeded. */
  readonly finish: readonly S[];
  /**
   * Effect of a failure: all else goes on, no further change of the release begins, or the whole release is rolled
   * back.
   */
  readonly onFailure: "continue" | "pause" | "rollback";
}

export function slotOf({ type, index }: Pick<Change, "type" | "index">): string {
  return index === 0 ? type : processName(type, index);
}

/** Completes a change that has no way back. */
export function plainChange<S>(
  change: Omit<Change<S>, "needs" | "undo" | "finish" | "onFailure"> & Partial<Pick<Change<S>, "needs">>,
): Change<S> {
  return { needs: [], undo: [], finish: [], onFailure: "continue", ...change };
}

/** Ends a container for good: stopped in its own time, confirmed, then removed. */
export function removal(
  instance: ObservedInstance,
  reason: Reason,
  cause: string,
  needs: readonly Change[] = [],
): Change {
  const { type, index, host, singleton } = instance;
  return plainChange({ type, index, host, singleton, verb: "remove", reason, cause, needs, steps: endSteps(instance) });
}

/**
 * Stops a container even if it was observed as stopped: a start that an interrupted run has left under way may bring it
 * up.
 */
function endSteps({ container, stopTimeout }: ObservedInstance): Step[] {
  return [
    { op: "stop", container, timeout: stopTimeout },
    { op: "remove", container },
  ];
}

/** Alters each change, and lets the others need the altered one. */
export function rewrite<S>(changes: readonly Change<S>[], alter: (change: Change<S>) => Change<S>): Change<S>[] {
  const altered = new Map<Change<S>, Change<S>>();
  const once = (change: Change<S>): Change<S> => {
    const known = altered.get(change) ?? alter({ ...change, needs: change.needs.map(once) });
    altered.set(change, known);
    return known;
  };
  return changes.map(once);
}
