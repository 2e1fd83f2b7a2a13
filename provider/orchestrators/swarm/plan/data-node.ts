import { ownVolumes } from "../../../core/inputs/container/mounts";
import type { ProcessType } from "../../../core/inputs/process-type";
import { entryOf } from "../../../core/values/entry";
import { isKnown } from "../../../core/values/unknown";
import type { ObservedSwarm } from "./observed";

/**
 * Refuses a type that writes to a volume which each node has for itself, where more than one node will do: the Swarm may
 * start its processes on another one, where the volume is empty.
 */
export function looseDataFault({ nodes }: Pick<ObservedSwarm, "nodes">, type: ProcessType): string | undefined {
  const [volume] = ownVolumes(type.settings);
  if (volume === undefined) return undefined;
  const labels = Object.entries(type.placement);
  const fitting = nodes.filter((node) => labels.every(([name, value]) => entryOf(node.labels, name) === value));
  if (fitting.length < 2) return undefined;
  const names = fitting.map(({ name }) => name).join(" and ");
  const which = labels.map((pair) => pair.join("=")).join(", ");
  return `volume ${isKnown<string>(volume) ? volume : "?"} of ${type.name} is on one node, but ${names} have label ${which}: leave it to the node that has the data`;
}
