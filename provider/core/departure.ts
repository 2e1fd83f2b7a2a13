import { removal, type Change, type Step } from "./change";
import { endings, type Context } from "./context";
import { isRunning, type ObservedInstance } from "./observed";
import type { TypePlan, Watch } from "./type-plan";

/** Reason why a container does not stay where it is. */
export function departureCause({ rooms, wanted }: Context): (one: ObservedInstance) => string {
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
export function departure(
  { context }: TypePlan,
  one: ObservedInstance,
  { former }: Watch,
  onFailure: Change["onFailure"],
  needs: readonly Change[] = [],
): Change | undefined {
  const cause = departureCause(context);
  const [simple] = endings(context, [one], "move", cause);
  if (simple === undefined) return undefined;
  if (onFailure !== "rollback" || !isRunning(one)) return { ...simple, needs };
  const { container, stopTimeout: timeout } = one;
  const start: Step = { op: "start", container };
  return {
    ...removal(one, "move", cause(one), needs),
    steps: [{ op: "park", container, timeout }],
    undo: [start, { op: "settle", container, readiness: former }],
    finish: [{ op: "remove", container }],
    onFailure,
  };
}
