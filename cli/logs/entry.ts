import { plainLine } from "../../provider/core/values/plain";
import { stripVTControlCharacters } from "node:util";

/** One line of the log. */
export interface Entry {
  /** Time in UTC with nanoseconds, so that it sorts as text: `2026-11-23T15:04:05.123456789Z`. */
  readonly time: string;
  /** `app[web.1]` or `formation[api]` */
  readonly source: string;
  readonly text: string;
}

/** Formatting of log lines. */
export interface Style {
  /** True when the lines go to a terminal. */
  readonly isTerminal: boolean;
  readonly paint: (source: string) => (text: string) => string;
}

/**
 * Formats a line as in Heroku's log: `2026-11-23T15:04:05.123456+00:00 app[web.1]: …`. On a terminal, the output of a
 * process must not colour, clear or rewrite that of others.
 */
export function entryLine({ time, source, text }: Entry, { isTerminal, paint }: Style): string {
  const stamp = `${time.slice(0, 26)}+00:00`;
  const head = paint(source)(plainLine(`${stamp} ${source}:`));
  return `${head} ${isTerminal ? plainLine(stripVTControlCharacters(text)) : text}`;
}

/** Picks a colour for each source, always the same one. */
export function painter(colors: readonly ((text: string) => string)[]): Style["paint"] {
  return (source) => {
    let sum = 0;
    for (const letter of source) sum = (sum * 31 + (letter.codePointAt(0) ?? 0)) % 65_521;
    return colors[sum % colors.length] ?? String;
  };
}
