import type { Change, Readiness, Step } from "../../../core/model/change";
import type { DesiredInstance } from "../../../core/model/desired";
import { formerName } from "../../../core/values/names";
import type { ObservedInstance } from "../../../core/model/observed";
import type { UpdatePolicy } from "../../../core/inputs/process-type";
import { formatDuration, type Seconds } from "../../../core/values/units";

type Replacement = Pick<Change, "steps" | "undo" | "finish">;

/**
 * One container in the place of another. With stop-first, only the holder of a slot's name may run, so that the engine
 * itself refuses a second one. The predecessor is kept under another name, stopped, until the whole release has
 * succeeded: the way back is to start it again.
 *
 * @param back the order on that way
 */
export function replacement(
  instance: ObservedInstance,
  want: DesiredInstance,
  order: UpdatePolicy["order"],
  back: UpdatePolicy["order"],
  readiness: { readonly next: Readiness; readonly former: Readiness },
): Replacement {
  const { container, stopTimeout: timeout } = instance;
  const bring: Step[] = [
    { op: "run", want },
    { op: "ready", container: want.name, readiness: readiness.next },
  ];
  const discard: Step = { op: "discard", want, spare: container };
  const remove: Step = { op: "remove", container };
  if (instance.state === "dead" || instance.state === "removing")
    return { steps: [remove, ...bring], undo: [discard], finish: [] };

  const former = formerName(want.name);
  const aside: Step[] = instance.name === former ? [] : [{ op: "rename", container, name: former }];
  const park: Step = { op: "park", container, timeout };
  const rename: Step = { op: "rename", container, name: want.name };
  const start: Step = { op: "start", container };
  const settle: Step = { op: "settle", container, readiness: readiness.former };
  return {
    steps: order === "stop-first" ? [park, ...aside, ...bring] : [...aside, ...bring, park],
    // With start-first, the way back, too, has the predecessor up before the successor goes.
    undo: back === "start-first" ? [start, settle, discard, rename] : [discard, rename, start],
    finish: [remove],
  };
}

/**
 * The same replacement with the predecessor stopped first; `undefined` if it is so anyway, or the change is no
 * replacement.
 */
export function stoppedFirst(change: Change): Change | undefined {
  const { steps, undo } = change;
  const [park] = steps.filter((step) => step.op === "park");
  const run = steps.findIndex((step) => step.op === "run");
  if (park === undefined || run < 0 || steps.indexOf(park) < run) return undefined;
  const first = steps[0]?.op === "wait" ? 1 : 0;
  const back = (["discard", "rename", "start"] as const).flatMap((op) => undo.filter((step) => step.op === op));
  return {
    ...change,
    cause: change.cause + gapOf(park.timeout),
    steps: [...steps.slice(0, first), park, ...steps.slice(first).filter((step) => step !== park)],
    undo: back,
  };
}

/** Words for the cause: the time for which a slot may serve nobody. */
export function gapOf(stopTimeout: Seconds): string {
  return `, stopped up to ${formatDuration(stopTimeout)}`;
}
