import type { DesiredInstance } from "./desired";
import { processName } from "./names";
import type { ObservedInstance } from "./observed";
import type { Seconds } from "./units";

/** Single engine calls. `container` is an id, or the name that a `run` of the same change gave. */
export type Step =
  | { readonly op: "run"; readonly want: DesiredInstance }
  | { readonly op: "start"; readonly container: string }
  | { readonly op: "unpause"; readonly container: string }
  | { readonly op: "rename"; readonly container: string; readonly name: string }
  | { readonly op: "stop"; readonly container: string; readonly timeout: Seconds }
  | { readonly op: "remove"; readonly container: string }
  | { readonly op: "watch"; readonly container: string; readonly seconds: Seconds };

export type Verb = "create" | "start" | "unpause" | "rename" | "replace" | "remove";

/** What a change is part of, for the audit line. */
export type Reason = "scale" | "release" | "repair";

/** All that happens to one slot, and why, in the user's words. */
export interface Change {
  readonly type: string;
  readonly index: number;
  readonly host: string;
  /** Whether what it ends or starts must never run twice. */
  readonly singleton: boolean;
  readonly verb: Verb;
  readonly reason: Reason;
  readonly cause: string;
  readonly steps: readonly Step[];
  /** Changes that must have succeeded before this one may begin. */
  readonly needs: readonly Change[];
}

export function slotOf(change: Change): string {
  return processName(change.type, change.index);
}

/** Ends a container for good: stopped in its own time, confirmed, then removed. */
export function removal(
  instance: ObservedInstance,
  reason: Reason,
  cause: string,
  needs: readonly Change[] = [],
): Change {
  const { type, index, host, singleton } = instance;
  return { type, index, host, singleton, verb: "remove", reason, cause, needs, steps: endSteps(instance) };
}

export function endSteps({ container, stopTimeout, state }: ObservedInstance): Step[] {
  const remove: Step = { op: "remove", container };
  if (state === "created" || state === "exited" || state === "dead") return [remove];
  return [{ op: "stop", container, timeout: stopTimeout }, remove];
}
