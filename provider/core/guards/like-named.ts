import type { ProcessType } from "../inputs/process-type";
import { hostLabel } from "../values/names";

/**
 * Refuses types whose names differ only where host names do not. Their processes would have the same host names, and a
 * Swarm would take no second service of the name.
 */
export function likeNamedFaults(types: readonly Pick<ProcessType, "name">[]): string[] {
  return types.flatMap(({ name }, at) => {
    const other = types.slice(0, at).find((earlier) => hostLabel(earlier.name) === hostLabel(name));
    if (other === undefined) return [];
    return [
      `processes.${other.name} and processes.${name} would have the same host names, such as ${hostLabel(name)}.1, in which case does not count and _ is -: give one of them another name`,
    ];
  });
}
