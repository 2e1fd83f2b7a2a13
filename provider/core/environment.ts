import { processName } from "./names";
import type { Command } from "./process-type";
import type { Maybe } from "./unknown";

/** The variables that every process gets from us, and what to use in their place. */
export const RESERVED_ENV: Readonly<Record<string, string>> = {
  PORT: "declare processes.<type>.port instead",
  PS: "use another name",
  DYNO: "use another name",
  FORMATION_APP: "use another name",
  FORMATION_PROCESS: "use another name",
  FORMATION_HASH_KEY: "use another name",
  TINI_KILL_PROCESS_GROUP: "use another name",
};

/**
 * Where the key of the configuration's digests is kept beside the state: an app whose state was lost can be taken back
 * without replacing its processes. Whoever can read it there can read every other variable too.
 */
export const KEY_VARIABLE = "FORMATION_HASH_KEY";

export function environmentOf(
  type: string,
  command: Maybe<Command>,
  port: number | undefined,
  app: string,
  index: number | string,
): Readonly<Record<string, string>> {
  const name = processName(type, index);
  return {
    PS: name,
    DYNO: name,
    FORMATION_APP: app,
    FORMATION_PROCESS: name,
    ...(port === undefined ? {} : { PORT: String(port) }),
    // Without it init forwards a signal to the shell alone, and the process behind the shell never sees it.
    ...(typeof command === "string" ? { TINI_KILL_PROCESS_GROUP: "1" } : {}),
  };
}

/**
 * What the container runs. A shell started for `a; b` or `a | b` dies of SIGTERM at once and takes its child with it;
 * one that traps the signal waits until the child has finished its own shutdown.
 */
export function argumentsOf(command: Maybe<Command>): readonly string[] {
  if (typeof command === "string") return ["/bin/sh", "-c", `trap : TERM; ${command}`];
  return command as readonly string[];
}
