import type { ContainerInfo, ContainerInspectInfo } from "dockerode";
import type { Seconds } from "../core/units";
import { readStatus } from "./status-text";

/** A process that lives for so long has come up: engines count its next end as a first one. */
const UP_FOR_GOOD: Seconds = 10;
/** One end may be chance. */
const ENDS = 2;

/** One that was paused goes on where it was. */
const LIVES: ReadonlySet<string> = new Set(["running", "paused"]);

/**
 * The containers that are in a crash loop, although they run, or are paused, at this moment.
 *
 * @param full what a full look at each tells, in the same order, if anything: a list does not say how often a process was
 * started again
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
