import { parseDuration, type Seconds } from "../../provider/core/values/units";

const DAY: Seconds = 86_400;

/** Parses a length of time, as all options take it: `30`, `30s`, `1h30m`, `2d`, `1w`. A plain number is in seconds. */
export function parsePeriod(text: string): Seconds | undefined {
  if (/^\d+(\.\d+)?$/.test(text)) return parseDuration(Number(text));
  const [, weeks = "0", days = "0", rest = ""] = /^(?:(\d+)w)?(?:(\d+)d)?(.*)$/.exec(text) ?? [];
  const long = (Number(weeks) * 7 + Number(days)) * DAY;
  if (rest === "") return long > 0 ? long : undefined;
  const short = parseDuration(rest);
  return short === undefined || /^\d+$/.test(rest) ? undefined : long + short;
}

/** Formats a length of time as Prometheus takes it: 5400 → `1h30m`. */
export function formatPeriod(seconds: Seconds): string {
  const milliseconds = Math.round(seconds * 1000);
  const parts = [
    [Math.floor(milliseconds / 3_600_000), "h"],
    [Math.floor((milliseconds % 3_600_000) / 60_000), "m"],
    [Math.floor((milliseconds % 60_000) / 1000), "s"],
    [milliseconds % 1000, "ms"],
  ] as const;
  const text = parts.flatMap(([amount, unit]) => (amount === 0 ? [] : [`${amount}${unit}`])).join("");
  return text === "" ? "0s" : text;
}
