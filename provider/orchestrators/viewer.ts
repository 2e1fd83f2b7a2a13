import type { ObservedInstance } from "../core/model/observed";
import type { Bytes, Seconds } from "../core/values/units";
import type { LogLine } from "../engine/log-lines";

/** Reads from one engine and changes nothing. `container` is an id. */
export interface Viewer {
  readonly name: string;
  readonly address: string;
  /** Id of the engine itself. */
  engine(): Promise<string>;
  /** Lists every container of an app, one-off and former ones too, by a single call. */
  list(app: string): Promise<readonly Seen[]>;
  /** Reads what a list does not tell; containers that are gone meanwhile are left out. */
  inspect(containers: readonly string[]): Promise<ReadonlyMap<string, Details>>;
  /** Measures the usage of processes, which takes the engine some seconds. Processes that do not run are left out. */
  usage(containers: readonly string[]): Promise<ReadonlyMap<string, Usage>>;
  /** Reads a container's output, oldest line first. Following it ends when the process does. */
  logs(container: string, query: LogQuery, signal: AbortSignal): AsyncIterable<LogLine>;
  /** Reports what happens to an app's containers from now on. */
  events(app: string, signal: AbortSignal): AsyncIterable<ContainerEvent>;
  /** Closes the connections to the engine. */
  close(): void;
}

/** Container as told by one entry of the engine's list. */
export interface Seen extends ObservedInstance {
  /** Command of the process as the engine shows it. */
  readonly command: string;
  /** Time since its last change of state, as roughly as the engine tells it. */
  readonly age?: Seconds;
  /** Exit code of a process that has exited, or is about to be started again. */
  readonly exitCode?: number;
}

export interface Details {
  /** Time of its start or its exit: ISO 8601, UTC. */
  readonly since?: string;
  /** Number of times that the engine has started it again. */
  readonly restarts: number;
  readonly exitCode: number;
  readonly outOfMemory: boolean;
}

export interface Usage {
  readonly memory: Bytes;
  /** Memory limit of the process, or the memory of the host. */
  readonly memoryLimit: Bytes;
  /** CPUs in use: 1 is one CPU in full use. */
  readonly cpus: number;
  /** CPU time since its start: CPUs × seconds. */
  readonly cpuSeconds: Seconds;
}

export interface LogQuery {
  /** Number of last lines; a line of more than 16 KiB counts as several. */
  readonly tail: number | "all";
  /** Time of the first lines wanted, in the form of `LogLine.time`. */
  readonly since?: string;
  readonly follow?: boolean;
}

export interface ContainerEvent {
  readonly container: string;
  readonly action: "create" | "start" | "die" | "destroy";
}
