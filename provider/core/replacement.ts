import type { Change, Readiness, Step } from "./change";
import type { DesiredInstance } from "./desired";
import { formerName } from "./names";
import type { ObservedInstance } from "./observed";

type Replacement = Pick<Change, "steps" | "undo" | "finish">;

/**
 * One container in the place of another. Only the holder of a slot's name may run on stop-first, so that the engine
 * itself refuses a second one. A predecessor that runs is kept under another name, stopped, until the whole release
 * has succeeded: the way back is to start it again.
 */
export function replacement(
  one: ObservedInstance,
  want: DesiredInstance,
  order: "start-first" | "stop-first",
  readiness: Readiness,
): Replacement {
  const { container, stopTimeout: timeout } = one;
  const bring: Step[] = [
    { op: "run", want },
    { op: "ready", container: want.name, readiness },
  ];
  const discard: Step = { op: "discard", want };
  const remove: Step = { op: "remove", container };
  if (one.state !== "running") {
    const end: Step[] = one.state === "exited" ? [remove] : [{ op: "stop", container, timeout }, remove];
    return { steps: [...end, ...bring], undo: [discard], finish: [] };
  }
  const former = formerName(want.name);
  const aside: Step[] = one.name === former ? [] : [{ op: "rename", container, name: former }];
  const park: Step = { op: "park", container, timeout };
  return {
    steps: order === "start-first" ? [...aside, ...bring, park] : [park, ...aside, ...bring],
    undo: [discard, { op: "rename", container, name: want.name }, { op: "start", container }],
    finish: [remove],
  };
}
