import type { ObservedInstance } from "../core/observed";
import type { Bytes, Seconds } from "../core/units";
import type { LogLine } from "./log-lines";

/** Looks at one engine and changes nothing. `container` is an id. */
export interface Viewer {
  readonly name: string;
  readonly address: string;
  /** The engine's own id. */
  engine(): Promise<string>;
  /** Every container of an app, one-off and former ones too. A single call, however many there are. */
  list(app: string): Promise<readonly Seen[]>;
  /** What a list does not tell; containers that are gone meanwhile are left out. */
  inspect(containers: readonly string[]): Promise<ReadonlyMap<string, Details>>;
  /** What processes use now; it takes the engine some seconds. Those that do not run are left out. */
  usage(containers: readonly string[]): Promise<ReadonlyMap<string, Usage>>;
  /** A container's output, oldest line first; one that follows ends when the process does. */
  logs(container: string, query: LogQuery, signal: AbortSignal): AsyncIterable<LogLine>;
  /** What happens to an app's containers from now on. */
  events(app: string, signal: AbortSignal): AsyncIterable<ContainerEvent>;
  /** Gives up what the connection holds. */
  close(): void;
}

/** What one list tells of a container. */
export interface Seen extends ObservedInstance {
  /** What it runs, as the engine shows it. */
  readonly command: string;
  /** How long it has been in its state, as roughly as the engine says it. */
  readonly age?: Seconds;
  /** Of one that has exited, or is about to be started again. */
  readonly exitCode?: number;
}

export interface Details {
  /** ISO 8601, UTC: when it was started, or has exited. */
  readonly since?: string;
  /** How often the engine has started it again. */
  readonly restarts: number;
  readonly exitCode: number;
  readonly outOfMemory: boolean;
}

export interface Usage {
  readonly memory: Bytes;
  /** What it may use at most, or what the host has. */
  readonly memoryLimit: Bytes;
  /** 1 is one CPU in full use. */
  readonly cpus: number;
  /** What it has used of them since it was started: CPUs × seconds. */
  readonly cpuSeconds: Seconds;
}

export interface LogQuery {
  /** The last so many lines; one of more than 16 KiB counts as several. */
  readonly tail: number | "all";
  /** Lines of this time and later, as in `LogLine`. */
  readonly since?: string;
  readonly follow?: boolean;
}

export interface ContainerEvent {
  readonly container: string;
  readonly action: "create" | "start" | "die" | "destroy";
}
