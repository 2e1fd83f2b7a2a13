import type { Entry } from "./entry";

/** Parses the state's audit lines, such as `2026-11-23T15:04:05+00:00 formation[api]: Scale to …`. */
export function auditEntries(lines: readonly string[]): Entry[] {
  return lines.flatMap((line) => {
    const match = /^(\S+?)(?:Z|\+00:00) (\S+): (.*)$/s.exec(line);
    const [, time = "", source = "", text = ""] = match ?? [];
    return match === null ? [] : [{ time: fullTime(time), source, text }];
  });
}

/** Lines added between two readings; none when the log is another one. */
export function addedLines(before: readonly string[], now: readonly string[]): readonly string[] {
  const last = before.at(-1);
  if (last === undefined) return now;
  const at = now.lastIndexOf(last);
  return at === -1 ? [] : now.slice(at + 1);
}

/** Pads a time to nine digits of a second, as engines write it. */
export function fullTime(time: string): string {
  const [seconds = "", fraction = ""] = time.replace(/Z$/, "").split(".");
  return `${seconds}.${fraction.padEnd(9, "0").slice(0, 9)}Z`;
}
