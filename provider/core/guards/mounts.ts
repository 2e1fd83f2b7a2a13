import { ownVolumes } from "../inputs/container/mounts";
import type { ProcessType } from "../inputs/process-type";
import type { Spec } from "../inputs/spec";
import { isKnown } from "../values/unknown";

/** Faults of mounts that engines would refuse, or with which data would be lost. */
export function mountFaults({ types, orchestrator }: Pick<Spec, "types" | "orchestrator">): string[] {
  return types.flatMap((type) => [...doubleFaults(type), ...(orchestrator === "swarm" ? loosenessFaults(type) : [])]);
}

function doubleFaults({ name, settings: { tmpfs = [], mounts = [] } }: ProcessType): string[] {
  return tmpfs
    .filter(({ target }) => mounts.some((mount) => mount.target === target))
    .map(({ target }) => `processes.${name}.tmpfs has ${target}, as mounts has: leave one of them out`);
}

/** A Swarm starts processes wherever it likes, and tells nobody on which node a volume is. */
function loosenessFaults({ name, settings, placement }: ProcessType): string[] {
  if (Object.keys(placement).length > 0) return [];
  return ownVolumes(settings)
    .slice(0, 1)
    .map(
      (volume) =>
        `processes.${name}.mounts: volume ${isKnown<string>(volume) ? volume : "?"} would be another one, and empty, on each node of a Swarm: give processes.${name}.placement.labels that one node alone has, or a volume driver whose data every node has`,
    );
}
