import { processName } from "../values/names";
import type { Command } from "../inputs/process-type";
import { isKnown, UNNAMED, type Maybe } from "../values/unknown";

/** The variables that every process gets from Formation, each with the advice to whoever sets it. */
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
 * The variable that keeps the key of the configuration's digests beside the state: an app whose state was lost can be
 * taken over without replacing its processes. Whoever can read it there can read every other variable too.
 */
export const KEY_VARIABLE = "FORMATION_HASH_KEY";

export function environmentOf(
  type: string,
  command: Maybe<Command> | undefined,
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
    // Without this variable, init forwards a signal to the shell alone, and it never reaches the process behind the
    // shell.
    ...(typeof command === "string" ? { TINI_KILL_PROCESS_GROUP: "1" } : {}),
  };
}

/** Signals that images name as their STOPSIGNAL. Terminals send others, which must not end a line. */
const STOP_SIGNALS = "TERM INT QUIT USR1 USR2";

/**
 * The first words of the shell that runs a command line, and those of earlier versions. The signal to stop reaches
 * every process of the line. The shell then waits for its current command and for those in the background, begins no other, and ends
 * as that command did. Without a trap it would die at once and take all of them with it.
 */
const TRAPS = [
  `trap 's=$?; trap "" ${STOP_SIGNALS}; wait; exit $s' ${STOP_SIGNALS}; `,
  `trap 's=$?; trap "" TERM; wait; exit $s' TERM; `,
  "trap : TERM; ",
] as const;

const OF_THE_SHELL = ["IFS", "OPTIND", "PPID", "PWD"];

/** Refuses a variable that would not arrive, so that none is left out silently. */
export function lostFaults(type: string, env: object = {}, root = ""): string[] {
  return Object.keys(env).flatMap((name) => {
    const why = name === UNNAMED ? undefined : lostInShell(name);
    return why === undefined
      ? []
      : `${root}env.${name} would not reach the command line of ${type}: ${why}: use another name, or give processes.${type}.command as a list of words`;
  });
}

function lostInShell(name: string): string | undefined {
  if (OF_THE_SHELL.includes(name)) return "/bin/sh sets it itself";
  return /^[A-Za-z_]\w*$/.test(name) ? undefined : "/bin/sh drops names of other characters than A-Z, a-z, 0-9 and _";
}

const SHELL = ["/bin/sh", "-c"] as const;

/** The arguments that the container runs; none of a command that is known only at `up`. */
export function argumentsOf(command: Maybe<Command>): readonly string[] {
  if (typeof command === "string") return [...SHELL, TRAPS[0] + command];
  return isKnown<Command>(command) ? command : [];
}

/** The line that arguments give to our shell, its own first words included; undefined for other arguments. */
export function lineIn([shell, option, line]: readonly string[]): string | undefined {
  return shell === SHELL[0] && option === SHELL[1] && line?.startsWith(TRAPS[0]) === true ? line : undefined;
}

/** A command line without the shell's own first words, whichever version has put them there. */
export function withoutTrap(line: string): string {
  return line.slice(TRAPS.find((trap) => line.startsWith(trap))?.length ?? 0);
}
