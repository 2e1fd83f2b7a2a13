import type { ContainerInfo, ContainerInspectInfo } from "../../../engine/containers";
import type { Seconds } from "../../../core/values/units";
import { readStatus } from "./status-text";

/** Uptime after which a process has come up: engines then count its next end as a first one. */
const UP_FOR_GOOD: Seconds = 10;
/** Restarts that make a crash loop; a single one may be chance. */
const ENDS = 2;

/** States in which a process lives: a paused one continues where it was. */
const LIVES: ReadonlySet<string> = new Set(["running", "paused"]);

/**
 * Finds the containers that are in a crash loop although they are running, or paused, at this moment.
 *
 * @param full inspected containers, in the order of the list, as far as there are any: a list tells no restart counts
 */
export function crashLoops(
  list: readonly ContainerInfo[],
  full: readonly (Pick<ContainerInspectInfo, "RestartCount"> | undefined)[],
): ReadonlySet<string> {
  const looping = list.filter(({ State, Status }, at) => {
    const { age = Infinity } = readStatus(Status);
    return LIVES.has(State) && age < UP_FOR_GOOD && (full[at]?.RestartCount ?? 0) >= ENDS;
  });
  return new Set(looping.map(({ Id }) => Id));
}
