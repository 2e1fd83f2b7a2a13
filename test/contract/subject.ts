import type { ContainerCreateOptions } from "dockerode";
import type { Seconds } from "../../provider/core/units";
import type { Host } from "../../provider/hosts/host";

/** What is to be true of a host whatever it is reached through, and what is seen of it past that. */
export interface Subject {
  readonly host: Host;
  /** An image that the host has, with a shell. */
  readonly image: string;
  /** A port of the host's that nobody uses. */
  readonly freePort: () => Promise<number>;
  /** The same engine as somebody else sees and uses it. */
  readonly engine: Outsider;
}

/** An ability that an engine may lack; a test of it must fail there. */
export type Ability = "an id that lasts" | "restart policies that can be changed";

interface Outsider {
  readonly now: () => Seconds;
  readonly sleep: (seconds: Seconds) => Promise<void>;
  readonly create: (options: ContainerCreateOptions) => Promise<string>;
  readonly start: (container: string) => Promise<void>;
  readonly pause: (container: string) => Promise<void>;
  readonly removeByForce: (container: string) => Promise<void>;
  readonly look: (container: string) => Promise<Look | undefined>;
  /** How often the engine itself has started it again. */
  readonly restarts: (container: string) => Promise<number>;
  readonly output: (container: string) => Promise<string>;
  /** Names of all containers that start like this. */
  readonly names: (prefix: string) => Promise<string[]>;
}

export interface Look {
  readonly id: string;
  readonly state: string;
  readonly policy: string;
}

// The handler stands before the line that tells so.
const tidy = `node -e 'process.on("SIGTERM", () => setTimeout(() => { console.log("finished"); process.exit() }, 300)); setInterval(() => {}, 1000); console.log("up")'`;

/** Commands of the suite, for those who have to be told what they do. */
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
