import { removal, type Change, type Step } from "../../../core/model/change";
import { endings, type Draft } from "./draft";
import { isRunning, type ObservedInstance } from "../../../core/model/observed";
import type { TypePlan, Watch } from "./type-plan";

/** Reason why a container does not stay where it is. */
export function departureCause({ rooms, wanted }: Draft): (instance: ObservedInstance) => string {
  return ({ host, app }) => {
    const room = rooms.get(host);
    if (room === undefined) return `${host} left the hosts`;
    if (room.abandoned) return `${host} was abandoned and is back`;
    return app === wanted.spec.app ? "moved to another host" : `app renamed to ${wanted.spec.app}`;
  };
}

/**
 * The removal of a container whose successor comes up elsewhere. When that decides about a whole release, the container
 * is only parked, which keeps the way back open; `undefined` when its host cannot be reached.
 */
export function removalOfMoved(
  { context }: TypePlan,
  instance: ObservedInstance,
  { former }: Watch,
  onFailure: Change["onFailure"],
  needs: readonly Change[] = [],
): Change | undefined {
  const cause = departureCause(context);
  const [simple] = endings(context, [instance], "move", cause);
  if (simple === undefined) return undefined;
  if (onFailure !== "rollback" || !isRunning(instance)) return { ...simple, needs };
  const { container, stopTimeout: timeout } = instance;
  const start: Step = { op: "start", container };
  return {
    ...removal(instance, "move", cause(instance), needs),
    steps: [{ op: "park", container, timeout }],
    undo: [start, { op: "settle", container, readiness: former }],
    finish: [{ op: "remove", container }],
    onFailure,
  };
}
