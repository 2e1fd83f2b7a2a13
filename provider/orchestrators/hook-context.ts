import type { Neighbour } from "../core/guards/neighbours";
import type { ByApp, Request } from "../core/inputs/operator-request";
import type { RecordedHost } from "../core/record/state";
import type { Seconds } from "../core/values/units";
import type { Host } from "./docker/host/host";
import type { Swarm } from "./swarm/api/swarm";

/** Everything that the lifecycle needs from outside. */
export interface HookContext {
  /** `project/stack`, and the URN of the resource. */
  readonly owner: string;
  readonly urn: string;
  /** A name that only this piece of work has. */
  readonly run: string;
  /** This process, as `isGone` takes it; empty where that cannot be told. */
  readonly process: string;
  /** True when the process of another update is certain to be gone. */
  readonly isGone: (process: string) => boolean;
  readonly name: string;
  /** Stack config `formation:scale`. */
  readonly scaleConfig: ByApp;
  /** Stack config `formation:restartedAt`. */
  readonly restartConfig?: ByApp;
  /** The request of an operator; absent for a deployment. */
  readonly request?: Request;
  /** Connects to the declared hosts, or to the one that is found in the environment. */
  readonly connect: (hosts: readonly RecordedHost[] | undefined) => Host[];
  /** Connects to the Swarm that these hosts are managers of. */
  readonly managers: (hosts: readonly RecordedHost[] | undefined) => Promise<Swarm>;
  readonly actor: () => Promise<string>;
  /** Seconds since the epoch. */
  readonly now: () => number;
  readonly sleep: (seconds: Seconds) => Promise<void>;
  /** Repeats some work. @returns a function that stops the repetition */
  readonly every: (seconds: Seconds, work: () => Promise<void>) => () => void;
  /** True when a person vouches, in stack config, for a host's being gone. @param host its name or address */
  readonly isWrittenOff: (host: string) => boolean;
  readonly say: (text: string, level?: "info" | "warning") => void;
  readonly progress: (text: string) => void;
  readonly interrupted: () => boolean;
  /** Formations of the same program that were checked so far, by URN. */
  readonly neighbours?: Map<string, Neighbour>;
  /** True in a preview when another resource may still make something by the time of `up`: an image, a network. */
  readonly awaits?: boolean;
}
