import type { Seconds } from "../../../core/values/units";

const UNITS: Readonly<Record<string, Seconds>> = {
  second: 1,
  minute: 60,
  hour: 3_600,
  day: 86_400,
  week: 7 * 86_400,
  month: 30 * 86_400,
  year: 365 * 86_400,
};

export interface StatusText {
  readonly age?: Seconds;
  readonly exitCode?: number;
}

/** Reads an engine's `Up 8 hours (healthy)`, `Exited (3) About a minute ago`, `Restarting (1) 5 seconds ago`. */
export function readStatus(status: string): StatusText {
  const age = ageIn(status);
  const exitCode = /^(?:Exited|Restarting) \((\d+)\)/.exec(status)?.[1];
  return { ...(age === undefined ? {} : { age }), ...(exitCode === undefined ? {} : { exitCode: Number(exitCode) }) };
}

function ageIn(status: string): Seconds | undefined {
  if (status.includes("Less than a second")) return 0;
  const match = /(\d+|About an?) (second|minute|hour|day|week|month|year)s?\b/.exec(status);
  const unit = UNITS[match?.[2] ?? ""];
  if (match === null || unit === undefined) return undefined;
  return (match[1]?.startsWith("About") === true ? 1 : Number(match[1])) * unit;
}
