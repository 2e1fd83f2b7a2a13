import type { Neighbour } from "./core/neighbours";
import type { ByApp, Request } from "./core/request";
import type { RecordedHost } from "./core/state";
import type { Seconds } from "./core/units";
import type { Host } from "./hosts/host";
import type { Swarm } from "./hosts/swarm";

/** What the lifecycle needs of the world around it. */
export interface Surroundings {
  /** `project/stack`, the resource's name and its URN. */
  readonly owner: string;
  readonly urn: string;
  /** A name for this piece of work that no other has. */
  readonly run: string;
  /** This process, as `isGone` knows it; empty where nobody can tell. */
  readonly process: string;
  /** True when the process of another update is gone for sure. */
  readonly isGone: (process: string) => boolean;
  readonly name: string;
  /** Stack config `formation:scale`. */
  readonly scaleConfig: ByApp;
  /** Stack config `formation:restartedAt`. */
  readonly restartConfig?: ByApp;
  /** What an operator asks for, if it is not a deployment. */
  readonly request?: Request;
  /** The hosts that were declared, or the one that is found in the surroundings. */
  readonly connect: (hosts: readonly RecordedHost[] | undefined) => Host[];
  /** The Swarm whose managers these are. */
  readonly managers: (hosts: readonly RecordedHost[] | undefined) => Promise<Swarm>;
  readonly actor: () => Promise<string>;
  /** Seconds since the epoch. */
  readonly now: () => number;
  readonly sleep: (seconds: Seconds) => Promise<void>;
  /** Does something again and again. @returns what ends that */
  readonly every: (seconds: Seconds, work: () => Promise<void>) => () => void;
  /** True when a person vouches, in stack config, for a host's being gone. @param host its name or address */
  readonly isWrittenOff: (host: string) => boolean;
  readonly say: (text: string, level?: "info" | "warning") => void;
  readonly progress: (text: string) => void;
  readonly interrupted: () => boolean;
  /** Formations of the same program, by URN, as far as they were checked. */
  readonly neighbours?: Map<string, Neighbour>;
  /** True in a preview of what another resource may still make by the time of `up`: an image, a network. */
  readonly awaits?: boolean;
}
