import type { Seconds } from "../units";
import type { DesiredSecret } from "./desired";
import type { ObservedService } from "./observed";
import type { ServiceSpec } from "./service";

/**
 * Single calls to a manager, or waits for what the Swarm does by itself. One step may stand in the changes of several
 * slots, as a Swarm changes a whole service at once: it is carried out once.
 */
export type SwarmStep =
  | { readonly op: "secret"; readonly want: DesiredSecret; readonly labels: Readonly<Record<string, string>> }
  | { readonly op: "forget"; readonly secret: string }
  /** Creates a service, or changes the one that was seen; refuses when somebody else has changed it since. */
  | { readonly op: "put"; readonly want: ServiceSpec; readonly over: ObservedService | undefined }
  /** Returns when nothing of a type can run any more. */
  | { readonly op: "emptied"; readonly empty: Emptying }
  /** Returns when a slot has what is wanted. */
  | { readonly op: "settled"; readonly rollout: Rollout; readonly slot: number }
  | { readonly op: "delete"; readonly service: string }
  /** Runs a service's command to its end, and removes the service. */
  | { readonly op: "once"; readonly want: ServiceSpec; readonly timeout: Seconds };

export interface Emptying {
  readonly app: string;
  readonly type: string;
  readonly stopTimeout: Seconds;
  /** Whether the service holds its next task back: only then does a task that has no node yet stay without one. */
  readonly held: boolean;
  /** Ids of nodes that a person vouches for being off. */
  readonly abandoned: readonly string[];
  /** The id of the only service that counts, where another has the same app and type. */
  readonly service?: string;
  /** Whether it is enough that what can be reached has stopped. */
  readonly lenient: boolean;
}

/** A service on its way to what is wanted. */
export interface Rollout {
  readonly app: string;
  readonly type: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly quantity: number;
  /** How long each new task must run. */
  readonly monitor: Seconds;
  /** How long a task may take to become ready or to stop, beyond which the Swarm's own words are the answer. */
  readonly patience: Seconds;
  /** Whether other slots are waited for when one has failed, and whether those that were made are taken back then. */
  readonly goesOn: boolean;
  readonly isTakenBack: boolean;
  /** The slots that the plan names; the first answers for those that it does not name. */
  readonly slots: readonly number[];
}
