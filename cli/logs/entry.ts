import { plainLine } from "../../provider/core/plain";
import { stripVTControlCharacters } from "node:util";

/** One line of the log. */
export interface Entry {
  /** With nanoseconds, UTC, so that it sorts as text: `2026-11-23T15:04:05.123456789Z`. */
  readonly time: string;
  /** `app[web.1]` or `formation[api]` */
  readonly source: string;
  readonly text: string;
}

/** How lines are shown. */
export interface Style {
  /** Whether a terminal reads them. */
  readonly isTerminal: boolean;
  readonly paint: (source: string) => (text: string) => string;
}

/**
 * `2026-11-23T15:04:05.123456+00:00 app[web.1]: …`, as in Heroku's log. On a terminal, what a process writes must not
 * colour, clear or rewrite what others wrote.
 */
export function entryLine({ time, source, text }: Entry, { isTerminal, paint }: Style): string {
  const stamp = `${time.slice(0, 26)}+00:00`;
  const head = paint(source)(plainLine(`${stamp} ${source}:`));
  return `${head} ${isTerminal ? plainLine(stripVTControlCharacters(text)) : text}`;
}

/** A colour for each process, always the same. */
export function painter(colors: readonly ((text: string) => string)[]): Style["paint"] {
  return (source) => {
    let sum = 0;
    for (const letter of source) sum = (sum * 31 + (letter.codePointAt(0) ?? 0)) % 65_521;
    return colors[sum % colors.length] ?? String;
  };
}
