import type { Readiness } from "../../../core/model/change";
import type { Claim } from "../../../core/model/claim";
import type { DesiredInstance } from "../../../core/model/desired";
import type { ObservedHost, Query } from "../../../core/model/observed";
import type { Pull, RegistryAuth } from "../../../core/inputs/spec";
import type { Seconds } from "../../../core/values/units";

/**
 * Effects on one engine. Every call may be repeated: a state that is there already is success, and an action that was
 * cut off may have been carried out all the same. `container` is an id or a name.
 */
export interface Host {
  readonly name: string;
  readonly address: string;
  observe(query: Query): Promise<ObservedHost>;
  /** Makes sure that the image is there. @param say is told the progress of a long pull */
  pull(image: string, how: PullOptions, say: (progress: string) => void): Promise<void>;
  /** Creates and starts a container, or adopts one of ours that has its name and configuration. @returns warnings */
  run(want: DesiredInstance): Promise<readonly string[]>;
  /** Runs a one-off process to its end and removes it. @throws ProcessExited unless it exits with 0 in time */
  once(want: DesiredInstance, timeout: Seconds, say: (line: string) => void): Promise<void>;
  /** Starts a container, even one that is paused, and lets the engine keep it running; writes the files of `want` first. */
  start(container: string, want?: DesiredInstance): Promise<void>;
  unpause(container: string): Promise<void>;
  rename(container: string, name: string): Promise<void>;
  /** Sends SIGTERM, then SIGKILL after `timeout`; returns only when the process is confirmed gone. */
  stop(container: string, timeout: Seconds): Promise<void>;
  /** Stops a container for good: the engine does not start it again, not even after a restart of its own. */
  park(container: string, timeout: Seconds): Promise<void>;
  remove(container: string): Promise<void>;
  /** Stops and removes the container of this name, if `run` made it. @param spare id of a container to leave alone */
  discard(want: DesiredInstance, spare?: string): Promise<void>;
  /** Returns when a process is ready. @throws ProcessExited or NotReady, with its exit code and last lines */
  ready(container: string, readiness: Readiness): Promise<void>;
  /** Reads a variable of a container's environment. */
  variable(container: string, name: string): Promise<string | undefined>;
  claims(): Promise<readonly Claim[]>;
  /** Writes a claim, unless there is one of its app and generation. @returns the claim that is there then */
  claim(claim: Claim): Promise<Claim>;
  unclaim(claim: Pick<Claim, "app" | "generation">): Promise<void>;
  /** Closes the connections to the engine. */
  close(): void;
}

export interface PullOptions {
  readonly pull: Pull;
  readonly registryAuth: readonly RegistryAuth[];
}
