import { hasCode } from "../../provider/core/errors";
import type { Seen } from "../../provider/hosts/viewer";
import type { Look } from "../look/look";
import type { Sight } from "./rows";
import { needsDetails } from "./state";

/** What is asked beyond the one list of each host. */
export interface Asked {
  /** Whether exact times and counts are wanted of every process. */
  readonly details: boolean;
  readonly usage: boolean;
  readonly isMeant: (one: Seen) => boolean;
}

/** What the lists showed. */
export function glance(looks: readonly Look[]): Sight {
  return {
    containers: looks.flatMap((look) => (look.kind === "seen" ? look.containers : [])),
    lost: looks.flatMap((look) => (look.kind === "lost" ? look.viewer.name : [])),
    details: new Map(),
    usage: new Map(),
  };
}

/** Asks of each process what its list leaves open, and nothing else; all hosts side by side. */
export async function gather(looks: readonly Look[], asked: Asked, now: number): Promise<Sight> {
  const found = await Promise.all(
    looks.map(async (look) => {
      if (look.kind === "lost") return { details: [], usage: [] };
      const meant = look.containers.filter(asked.isMeant);
      const open = meant.filter((one) => asked.details || needsDetails(one, now)).map((one) => one.container);
      const used = asked.usage ? meant.filter((one) => one.state === "running").map((one) => one.container) : [];
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

/** The list has been had: what an engine does not tell beyond it, in time, is left open. */
async function unlessLost<T>(answer: Promise<ReadonlyMap<string, T>>): Promise<[string, T][]> {
  try {
    return [...(await answer)];
  } catch (error) {
    if (hasCode(error, "HostUnreachable")) return [];
    throw error;
  }
}
