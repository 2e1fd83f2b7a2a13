import type { Draft } from "./draft";
import { groupBy } from "../../../core/values/group";
import type { ObservedInstance } from "../../../core/model/observed";
import type { ProcessType } from "../../../core/inputs/process-type";
import type { Placed } from "./slots";

/**
 * Moves processes from hosts that have the most of a type to hosts that have the fewest, as long as that evens them
 * out.
 */
export function rebalanced(
  { placer, hosts }: Draft,
  type: ProcessType,
  kept: readonly ObservedInstance[],
): (Placed & { readonly from: ObservedInstance })[] {
  const reachable = kept.filter((instance) => hosts.get(instance.host)?.unreachable === undefined);
  const byHost = groupBy(reachable, (instance) => instance.host);
  const moves: (Placed & { readonly from: ObservedInstance })[] = [];
  for (;;) {
    const [fullest] = [...byHost.entries()].sort(([, a], [, b]) => b.length - a.length);
    const from = fullest?.[1].at(-1);
    if (fullest === undefined || from === undefined) return moves;
    placer.vacate(from.host, type);
    const host = placer.place(type);
    if (host === undefined || host === from.host || placer.countOf(host, type) > placer.countOf(from.host, type)) {
      if (host !== undefined) placer.vacate(host, type);
      placer.occupy(from.host, type);
      return moves;
    }
    fullest[1].pop();
    moves.push({ index: from.index, host, from });
  }
}
