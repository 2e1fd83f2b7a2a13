import { hasCode } from "../../provider/core/values/errors";
import type { Seen } from "../../provider/orchestrators/viewer";
import type { Observation } from "../observe/observe";
import type { Sight } from "./rows";
import { needsDetails } from "./state";

/** Requests beyond the list of containers on each host. */
export interface Asked {
  /** True to read exact times and counts of every process. */
  readonly details: boolean;
  readonly usage: boolean;
  readonly isMeant: (container: Seen) => boolean;
}

/** Collects the containers in the hosts' lists, without further requests. */
export function glance(looks: readonly Observation[]): Sight {
  return {
    containers: looks.flatMap((look) => (look.kind === "seen" ? look.containers : [])),
    lost: looks.flatMap((look) => (look.kind === "lost" ? look.viewer.name : [])),
    details: new Map(),
    usage: new Map(),
  };
}

/** Inspects the processes whose state the list leaves open, and no others; all hosts in parallel. */
export async function gather(looks: readonly Observation[], asked: Asked, now: number): Promise<Sight> {
  const found = await Promise.all(
    looks.map(async (look) => {
      if (look.kind === "lost") return { details: [], usage: [] };
      const meant = look.containers.filter(asked.isMeant);
      const open = meant
        .filter((container) => asked.details || needsDetails(container, now))
        .map((container) => container.container);
      const used = asked.usage
        ? meant.filter((container) => container.state === "running").map((container) => container.container)
        : [];
      const [details, usage] = await Promise.all([
        unlessLost(look.viewer.inspect(open)),
        unlessLost(look.viewer.usage(used)),
      ]);
      return { details, usage };
    }),
  );
  return {
    ...glance(looks),
    details: new Map(found.flatMap((one) => one.details)),
    usage: new Map(found.flatMap((one) => one.usage)),
  };
}

/** Answers with nothing when the host has become unreachable since its list was read. */
async function unlessLost<T>(answer: Promise<ReadonlyMap<string, T>>): Promise<[string, T][]> {
  try {
    return [...(await answer)];
  } catch (error) {
    if (hasCode(error, "HostUnreachable")) return [];
    throw error;
  }
}
