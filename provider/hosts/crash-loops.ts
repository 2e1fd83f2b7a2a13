import type { ContainerInfo, ContainerInspectInfo } from "./containers";
import type { Seconds } from "../core/units";
import { readStatus } from "./status-text";

/** A process that lives for so long has come up: engines count its next end as a first one. */
const UP_FOR_GOOD: Seconds = 10;
/** One end may be chance. */
const ENDS = 2;

/**
 * The containers that are in a crash loop, although they run at this moment.
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
    return State === "running" && age < UP_FOR_GOOD && (full[at]?.RestartCount ?? 0) >= ENDS;
  });
  return new Set(looping.map(({ Id }) => Id));
}
