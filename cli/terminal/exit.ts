import { CommanderError } from "commander";

/** Exit codes for scripts. */
export const EXIT = {
  ok: 0,
  failed: 1,
  /** The plan has changes. */
  changes: 2,
  /** The formation is another than `--if-current` expects. */
  overtaken: 3,
  /** The command line is wrong; nothing was done. */
  usage: 64,
  /** Somebody else is changing the stack. */
  locked: 75,
  /** `run` itself has failed; every other code may come from the process. */
  notRun: 125,
  interrupted: 130,
} as const;

export const EXIT_HELP = `
Exit codes:
  0    done
  1    failed
  2    plan: there is something to do
  3    scale: the formation is not what --if-current says; nothing was done
  64   the command line is wrong; nothing was done
  75   somebody else is changing the stack; nothing was done
  125  run: the process could not be run; any other code is its own
  130  stopped by Ctrl-C, in good order`;

const BY_CODE: Readonly<Record<string, number>> = {
  InvalidInput: EXIT.usage,
  Locked: EXIT.locked,
  Interrupted: EXIT.interrupted,
  Overtaken: EXIT.overtaken,
};

/** Settings for the report of a failure. */
interface Telling {
  /** True when a stack trace is asked for. */
  readonly debug: boolean;
  readonly command: string | undefined;
  readonly note: (line: string) => void;
}

/** Prints the failure. @returns the exit code */
export function reportFailure(error: unknown, telling: Telling): number {
  const code = reported(error, telling);
  return code !== EXIT.ok && telling.command === "run" ? EXIT.notRun : code;
}

function reported(error: unknown, { debug, note }: Telling): number {
  // Commander has printed the error already.
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
  if (!(error instanceof Error)) {
    note(`error: ${String(error)}`);
    return EXIT.failed;
  }
  const { code, hint } = error as { code?: unknown; hint?: unknown };
  note(`error: ${error.message}`);
  if (typeof hint === "string") note(hint);
  if (debug) note(traceOf(error));
  return BY_CODE[String(code)] ?? EXIT.failed;
}

function traceOf(error: Error): string {
  const cause = error.cause instanceof Error ? `\ncaused by: ${traceOf(error.cause)}` : "";
  return (error.stack ?? "") + cause;
}
