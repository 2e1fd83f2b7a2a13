import type { Seconds } from "../../../provider/core/units";

/** What a command does when it is run. */
export interface Behaviour {
  readonly output: string;
  /** What it says after SIGTERM, when it is given the time. */
  readonly lastWords: string;
  /** When it ends by itself, and with which exit code. */
  readonly end: { readonly after: Seconds; readonly code: number } | "never";
  /** How long it goes on after SIGTERM. */
  readonly stop: Seconds | "never";
  /** Whether it answers over HTTP. */
  readonly answers: boolean;
}

/** What each command does. */
export type Script = (command: string) => Behaviour;

export const RUNS: Behaviour = { output: "", lastWords: "", end: "never", stop: 0.1, answers: true };

/** As much of a shell as tests need: `exit 3` ends at once, all else runs until it is stopped. */
export function shell(command: string): Behaviour {
  const code = /\bexit (\d+)$/.exec(command)?.[1];
  return code === undefined ? RUNS : { ...RUNS, end: { after: 0, code: Number(code) } };
}
