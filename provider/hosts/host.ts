import type { DesiredInstance } from "../core/desired";
import type { ObservedHost, Query } from "../core/observed";
import type { Seconds } from "../core/units";

/**
 * All effects on one engine. Every call may be repeated: what is already so is success, and an action that was cut off
 * may have been carried out all the same. `container` is an id or a name.
 */
export interface Host {
  readonly name: string;
  readonly address: string;
  observe(query: Query): Promise<ObservedHost>;
  /** Makes sure that the image is there. */
  pull(image: string): Promise<void>;
  /** Creates and starts a container, or adopts one of ours that has its name and configuration. @returns warnings */
  run(want: DesiredInstance): Promise<readonly string[]>;
  start(container: string): Promise<void>;
  unpause(container: string): Promise<void>;
  rename(container: string, name: string): Promise<void>;
  /** SIGTERM, then SIGKILL after `timeout`; returns only when the process is confirmed gone. */
  stop(container: string, timeout: Seconds): Promise<void>;
  remove(container: string): Promise<void>;
  /** Returns when the container has run for so long; throws ProcessExited with its exit code and last lines when it ends. */
  watch(container: string, seconds: Seconds): Promise<void>;
  /** A variable of a container's environment. */
  variable(container: string, name: string): Promise<string | undefined>;
}
