import type { ContainerCreateOptions } from "dockerode";
import type { Seconds } from "../../provider/core/values/units";
import type { Host } from "../../provider/orchestrators/docker/host/host";

/** Host to test through some transport, with another way to its engine to check it by. */
export interface Subject {
  readonly host: Host;
  /** Image on the host, with a shell. */
  readonly image: string;
  /** Finds a port of the host that is in use by nobody. */
  readonly freePort: () => Promise<number>;
  /** Another client of the same engine. */
  readonly engine: Outsider;
}

/** Ability that an engine may lack; tests of it must fail there. */
export type Ability = "an id that lasts" | "restart policies that can be changed";

interface Outsider {
  readonly now: () => Seconds;
  readonly sleep: (seconds: Seconds) => Promise<void>;
  readonly create: (options: ContainerCreateOptions) => Promise<string>;
  readonly start: (container: string) => Promise<void>;
  readonly pause: (container: string) => Promise<void>;
  readonly removeByForce: (container: string) => Promise<void>;
  readonly look: (container: string) => Promise<Look | undefined>;
  /** Number of times that the engine itself has started it again. */
  readonly restarts: (container: string) => Promise<number>;
  readonly output: (container: string) => Promise<string>;
  /** Names of all containers with this prefix. */
  readonly names: (prefix: string) => Promise<string[]>;
}

export interface Look {
  readonly id: string;
  readonly state: string;
  readonly policy: string;
}

// The handler is installed before the process prints that it is up.
const tidy = `node -e 'process.on("SIGTERM", () => setTimeout(() => { console.log("finished"); process.exit() }, 300)); setInterval(() => {}, 1000); console.log("up")'`;

/** Commands of the suite by their behaviour, for subjects that have to be told how a command behaves. */
export const COMMANDS = {
  runs: "sleep 1000",
  fails: "echo no database; exit 3",
  ends: "echo done; exit 0",
  tidy,
  tidyInLine: `${tidy}; true`,
  tidyInPipe: `sleep 1000 | ${tidy}`,
  tidyElsewhere: `cd / && ${tidy}`,
  tidyInLoop: `while true; do ${tidy}; done`,
  deaf: `node -e 'process.on("SIGTERM", () => {}); setInterval(() => {}, 1000); console.log("up")'`,
  crashesOnce: `test -e /crashed || { : > /crashed; exit 1; }; echo up; sleep 1000`,
} as const;
export type Command = (typeof COMMANDS)[keyof typeof COMMANDS];
