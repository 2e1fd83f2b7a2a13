import type { DesiredInstance } from "./desired";
import { processName } from "./names";
import type { ObservedInstance } from "./observed";
import type { HttpCheck } from "./process-type";
import type { Seconds } from "./units";

/** Single engine calls, or a wait between them. `container` is an id, or the name that a `run` of the same change gave. */
export type Step =
  | { readonly op: "run"; readonly want: DesiredInstance }
  /** Returns when a new process is ready. */
  | { readonly op: "ready"; readonly container: string; readonly readiness: Readiness }
  /** Returns when a process that was there before is ready, or turns out not to be: it may lack what is asked of the new. */
  | { readonly op: "settle"; readonly container: string; readonly readiness: Readiness }
  /** Starts a container for good, whatever `park` did to it. */
  | { readonly op: "start"; readonly container: string }
  | { readonly op: "unpause"; readonly container: string }
  | { readonly op: "rename"; readonly container: string; readonly name: string }
  /** Stops a container so that nothing but a `start` brings it back. */
  | { readonly op: "park"; readonly container: string; readonly timeout: Seconds }
  | { readonly op: "stop"; readonly container: string; readonly timeout: Seconds }
  | { readonly op: "remove"; readonly container: string }
  /** Stops and removes what a `run` has made, if it has; `spare`, which may look the same, is left alone. */
  | { readonly op: "discard"; readonly want: DesiredInstance; readonly spare?: string }
  /** Runs a one-off process to its end. */
  | { readonly op: "once"; readonly want: DesiredInstance; readonly timeout: Seconds }
  | { readonly op: "wait"; readonly seconds: Seconds };

/** A process is ready when its engine calls it healthy, it answers, and it has run for `monitor`: whichever is declared. */
export interface Readiness {
  readonly monitor: Seconds;
  readonly http?: HttpCheck;
}

export type Verb = "create" | "start" | "unpause" | "rename" | "replace" | "remove" | "run";

/** What a change is part of, for the audit line. */
export type Reason = "scale" | "release" | "restart" | "move" | "repair";

/** All that happens to one slot, and why, in the user's words. */
export interface Change<S = Step> {
  readonly type: string;
  /** 0 for what concerns a type as a whole. */
  readonly index: number;
  readonly host: string;
  /** Whether what it ends or starts must never run twice. */
  readonly singleton: boolean;
  readonly verb: Verb;
  readonly reason: Reason;
  readonly cause: string;
  readonly steps: readonly S[];
  /** Changes that must have succeeded before this one may begin. */
  readonly needs: readonly Change<S>[];
  /** What takes the steps back, however far they got: when one has failed, or another change of the same release has. */
  readonly undo: readonly S[];
  /** What gives up the way back, once the whole release has succeeded. */
  readonly finish: readonly S[];
  /** When it fails: all else goes on, or no further change of the release begins, or those made are undone as well. */
  readonly onFailure: "continue" | "pause" | "rollback";
}

export function slotOf({ type, index }: Pick<Change, "type" | "index">): string {
  return index === 0 ? type : processName(type, index);
}

/** A change of which nothing can be taken back. */
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

/** Also stops what was seen stopped: a start that an interrupted run has left under way may bring it up meanwhile. */
function endSteps({ container, stopTimeout }: ObservedInstance): Step[] {
  return [
    { op: "stop", container, timeout: stopTimeout },
    { op: "remove", container },
  ];
}

/** The same changes, each altered, and needed by the others as it is then. */
export function rewrite<S>(changes: readonly Change<S>[], alter: (change: Change<S>) => Change<S>): Change<S>[] {
  const altered = new Map<Change<S>, Change<S>>();
  const once = (change: Change<S>): Change<S> => {
    const known = altered.get(change) ?? alter({ ...change, needs: change.needs.map(once) });
    altered.set(change, known);
    return known;
  };
  return changes.map(once);
}
