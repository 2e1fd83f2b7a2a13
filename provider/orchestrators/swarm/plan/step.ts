import type { Seconds } from "../../../core/values/units";
import type { DesiredSecret } from "./service/desired";
import type { ObservedService } from "./observed";
import type { ServiceSpec } from "./service/service";

/**
 * Single calls to a manager, or waits for what the Swarm does by itself. One step may stand in the changes of several
 * slots, as a Swarm changes a whole service at once: it is carried out once.
 */
export type SwarmStep =
  | { readonly op: "secret"; readonly want: DesiredSecret; readonly labels: Readonly<Record<string, string>> }
  | { readonly op: "forget"; readonly secret: string }
  /** Creates a service, or changes the observed one; refuses when somebody else has changed it since. */
  | { readonly op: "put"; readonly want: ServiceSpec; readonly over: ObservedService | undefined }
  /** Returns when no process of a type can run any more. */
  | { readonly op: "emptied"; readonly empty: Emptying }
  /** Returns when a slot is as wanted. */
  | { readonly op: "settled"; readonly rollout: Rollout; readonly slot: number }
  | { readonly op: "delete"; readonly service: string }
  /** Runs a service's command to its end, and removes the service. */
  | { readonly op: "once"; readonly want: ServiceSpec; readonly timeout: Seconds };

export interface Emptying {
  readonly app: string;
  readonly type: string;
  readonly stopTimeout: Seconds;
  /** True when the service holds its next task back: only then does a task that has no node yet stay without one. */
  readonly held: boolean;
  /** Ids of nodes that a person vouches for being off. */
  readonly abandoned: readonly string[];
  /** The id of the only service that counts, where another has the same app and type. */
  readonly service?: string;
  /** True when it is enough that tasks on reachable nodes have stopped. */
  readonly lenient: boolean;
}

/** A service that is being rolled out. */
export interface Rollout {
  readonly app: string;
  readonly type: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly quantity: number;
  /** Time for which each new task must run. */
  readonly monitor: Seconds;
  /** Time that a task may take to become ready or to stop; after that, the Swarm's own words are the answer. */
  readonly patience: Seconds;
  /**
   * True when other slots are waited for after one has failed; true when the tasks that were made are rolled back then.
   */
  readonly goesOn: boolean;
  readonly isTakenBack: boolean;
  /** The slots that the plan names; the first answers for those that it does not name. */
  readonly slots: readonly number[];
}
