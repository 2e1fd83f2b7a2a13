import type { ContainerInfo, ContainerInspectInfo } from "dockerode";
import type { Seconds } from "../core/units";
import { readStatus } from "./status-text";

/** A process that lives for so long has come up: engines count its next end as a first one. */
const UP_FOR_GOOD: Seconds = 10;
/** One end may be chance. */
const ENDS = 2;
/** How much later than created a container may be started for the first time; in whole seconds, twice rounded. */
const FIRST_START: Seconds = 3;

/**
 * Which of the containers are in a crash loop, although they run at this moment. A list does not tell how often a process
 * was started again: those alone are asked after that were started a moment ago, and not for the first time.
 *
 * @param now seconds since the epoch by the engine's clock, if it tells
 */
export async function crashLoops(
  list: readonly ContainerInfo[],
  now: Seconds | undefined,
  inspect: (container: string) => Promise<Pick<ContainerInspectInfo, "RestartCount"> | undefined>,
): Promise<ReadonlySet<string>> {
  const young = list.filter(({ State, Status, Created }) => {
    const { age = Infinity } = readStatus(Status);
    const isFirst = now !== undefined && now - age - Created <= FIRST_START;
    return State === "running" && age < UP_FOR_GOOD && !isFirst;
  });
  const looping = await Promise.all(
    young.map(async ({ Id }) => (((await inspect(Id))?.RestartCount ?? 0) >= ENDS ? [Id] : [])),
  );
  return new Set(looping.flat());
}
