import type { Seconds } from "../../../provider/core/values/units";

/** The course of a process. */
export interface Behaviour {
  readonly output: string;
  /** Output after SIGTERM, if the process is given the time for it. */
  readonly lastWords: string;
  /** The time after which the process ends by itself, and its exit code. */
  readonly end: { readonly after: Seconds; readonly code: number } | "never";
  /** Time from SIGTERM to the end. */
  readonly stop: Seconds | "never";
  /** True when it answers over HTTP. */
  readonly answers: boolean;
}

/** The behaviour of each command. */
export type Script = (command: string) => Behaviour;

export const RUNS: Behaviour = { output: "", lastWords: "", end: "never", stop: 0.1, answers: true };

/** As much of a shell as tests need: `exit 3` ends at once, all else runs until it is stopped. */
export function shell(command: string): Behaviour {
  const code = /\bexit (\d+)$/.exec(command)?.[1];
  return code === undefined ? RUNS : { ...RUNS, end: { after: 0, code: Number(code) } };
}
