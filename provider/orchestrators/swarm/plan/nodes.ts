import { compare } from "../../../core/values/formation";
import { entryOf } from "../../../core/values/entry";
import type { ProcessType } from "../../../core/inputs/process-type";
import { mayRun, type ObservedNode, type ObservedSwarm, type ObservedTask } from "./observed";

/** The node for a singleton: its present one as long as that is allowed, else the one with the fewest processes. */
export function nodeFor(
  swarm: ObservedSwarm,
  type: ProcessType,
  current: string | undefined,
): ObservedNode | undefined {
  const load = (node: ObservedNode) => swarm.tasks.filter((task) => task.node === node.id && mayRun(task)).length;
  const open = swarm.nodes.filter((node) => obstacle(node, type, node.id === current) === undefined);
  const stays = open.find((node) => node.id === current);
  return stays ?? [...open].sort((a, b) => load(a) - load(b) || compare(a.name, b.name))[0];
}

/**
 * Reason why a node does not take a type, if so. @param isThere true when it runs there: a paused node keeps its tasks
 */
export function obstacle(node: ObservedNode, type: ProcessType, isThere: boolean): string | undefined {
  if (!node.isUp) return "is down";
  if (node.availability === "drain") return "is drained";
  if (node.availability === "pause" && !isThere) return "is paused";
  const missing = Object.entries(type.placement).find(([name, value]) => entryOf(node.labels, name) !== value);
  return missing === undefined ? undefined : `has no label ${missing.join("=")}`;
}

export function refusal(swarm: ObservedSwarm, type: ProcessType): string {
  return swarm.nodes.map((node) => `${node.name} ${obstacle(node, type, false) ?? "has room"}`).join("; ");
}

/** Nodes that a person vouches for being off, as long as they are; one that has come back is like any other. */
export function abandonedNodes(swarm: ObservedSwarm, named: readonly string[]): string[] {
  const known = swarm.nodes.filter((node) => !node.isUp && (named.includes(node.name) || named.includes(node.id)));
  const removed = named.filter((name) => !swarm.nodes.some((node) => node.name === name || node.id === name));
  return [...known.map((node) => node.id), ...removed];
}

/** Names of unreachable nodes where a task may still run. */
export function darkNodes(
  swarm: ObservedSwarm,
  tasks: readonly ObservedTask[],
  abandoned: readonly string[],
): string[] {
  const ids = new Set(tasks.filter(mayRun).flatMap(({ node }) => node ?? []));
  return [...ids]
    .filter((id) => !abandoned.includes(id) && swarm.nodes.find((node) => node.id === id)?.isUp !== true)
    .map((id) => swarm.nodes.find((node) => node.id === id)?.name ?? id)
    .sort(compare);
}
