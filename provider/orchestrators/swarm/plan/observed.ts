import type { Claim } from "../../../core/model/claim";
import type { ImageFacts } from "../../../core/values/image";
import { keyIn, LABEL } from "../../../core/model/labels";
import { isKnown } from "../../../core/values/unknown";
import type { Bytes, NanoCpus } from "../../../core/values/units";
import type { ServiceSpec } from "./service/service";

/** The states of a task in the engine's words, in the order of its life. */
const STATES = [
  "new",
  "allocated",
  "pending",
  "assigned",
  "accepted",
  "preparing",
  "ready",
  "starting",
  "running",
  "complete",
  "shutdown",
  "failed",
  "rejected",
  "remove",
  "orphaned",
] as const;
/** States of a task whose process has not been started yet. */
export const BEFORE_RUNNING: ReadonlySet<string> = new Set(STATES.slice(0, STATES.indexOf("running")));
type TaskState = string;

/** A service of ours, as a manager reports it. */
export interface ObservedService {
  readonly id: string;
  /** The version of the service: the engine takes a change of this one only. */
  readonly version: number;
  /** The complete spec, including the parts that others have set. */
  readonly spec: ServiceSpec;
  /** Ports that every node publishes. */
  readonly meshPorts: readonly { readonly port: number; readonly target: number }[];
}

export interface ObservedTask {
  readonly id: string;
  readonly service: string;
  readonly slot: number;
  /** Absent until the Swarm has chosen a node. */
  readonly node?: string;
  readonly state: TaskState;
  readonly desired: TaskState;
  readonly error: string;
  readonly exitCode: number;
  readonly container: string;
  /** Seconds since the epoch, by the managers' clock. */
  readonly createdAt: number;
  readonly labels: Readonly<Record<string, string>>;
  /** Identity of the formation whose key the task has, if it has one. */
  readonly identity?: string;
  readonly constraints: readonly string[];
  /** Ports that its own node publishes. */
  readonly ports: readonly { readonly port: number; readonly target: number }[];
}

export interface ObservedNode {
  readonly id: string;
  readonly name: string;
  readonly address: string;
  readonly isUp: boolean;
  readonly availability: "active" | "pause" | "drain";
  readonly labels: Readonly<Record<string, string>>;
  readonly capacity: { readonly cpus: NanoCpus; readonly memory: Bytes };
}

export interface ObservedSecret {
  readonly id: string;
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
}

export interface SwarmImage {
  readonly id: string;
  /** The reference that nodes are given. */
  readonly pinned: string;
  /** Facts of the image, where it is the manager's own. */
  readonly facts?: ImageFacts;
  /** Ids that services carry for images with the same content. */
  readonly same?: readonly string[];
}

/**
 * One observation of a Swarm: all that carries the labels of an app or an identity, whoever made it; `ownPart` selects
 * the formation's own.
 */
export interface ObservedSwarm {
  readonly cluster: string;
  /** The address of the manager that answered. */
  readonly address: string;
  readonly services: readonly ObservedService[];
  /** All tasks that the Swarm remembers, including those that have ended. */
  readonly tasks: readonly ObservedTask[];
  readonly nodes: readonly ObservedNode[];
  readonly secrets: readonly ObservedSecret[];
  /** The claims of all apps, of all generations. */
  readonly claims: readonly Claim[];
  /** Names of foreign services that may get in the way of ours. */
  readonly strangers: readonly string[];
  /** The images that the wanted references mean now: their digests in their registries, or ids at the manager. */
  readonly images?: Readonly<Record<string, SwarmImage>>;
  /** The ids, by name, of the wanted networks that it has. */
  readonly networks?: Readonly<Record<string, string>>;
}

export const appOf = ({ spec }: ObservedService): string => spec.Labels[LABEL.app] ?? "";
export const typeOf = ({ spec }: ObservedService): string => spec.Labels[LABEL.type] ?? "";
export const ownerOf = ({ spec }: ObservedService): string => spec.Labels[LABEL.owner] ?? "";

/** The formation's key, as a service gives it to its processes. */
export function keyOf({ spec }: ObservedService): string | undefined {
  return keyIn(spec.TaskTemplate.ContainerSpec.Env.filter((pair) => isKnown<string>(pair)));
}

/** True while a task has not come to its end, as far as the Swarm knows. */
export function isAlive({ state }: ObservedTask): boolean {
  return rank(state) <= rank("running");
}

/** True when the Swarm wants a task to run. */
export function isWanted({ desired }: ObservedTask): boolean {
  return rank(desired) <= rank("running");
}

/**
 * True when a process of a task may exist somewhere. `orphaned` proves nothing: it only means that a node has been
 * unreachable for a day. A task that was never given to a node has no process.
 */
export function mayRun(task: ObservedTask): boolean {
  return task.node !== undefined && !CONFIRMED.has(task.state);
}

const CONFIRMED: ReadonlySet<TaskState> = new Set(["complete", "shutdown", "failed", "rejected"]);

function rank(state: TaskState): number {
  return (STATES as readonly string[]).indexOf(state);
}
