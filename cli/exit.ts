import { CommanderError } from "commander";

/** What a script can tell from the exit code. */
export const EXIT = {
  ok: 0,
  failed: 1,
  /** There is something to do. */
  changes: 2,
  /** The command line is wrong; nothing was done. */
  usage: 64,
  /** Somebody else is changing the stack. */
  locked: 75,
  interrupted: 130,
} as const;

export const EXIT_HELP = `
Exit codes:
  0    done
  1    failed
  2    plan: there is something to do
  64   the command line is wrong; nothing was done
  75   somebody else is changing the stack; nothing was done
  130  stopped by Ctrl-C, in good order`;

const BY_CODE: Readonly<Record<string, number>> = {
  InvalidInput: EXIT.usage,
  Locked: EXIT.locked,
  Interrupted: EXIT.interrupted,
};

/** Says what went wrong, without a stack trace unless it is asked for. @returns the exit code */
export function reportFailure(error: unknown, debug: boolean, note: (line: string) => void): number {
  // Commander has said it already.
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
