import { parseDuration, type Seconds } from "../provider/core/units";

const DAY: Seconds = 86_400;

/** `30`, `30s`, `1h30m`, `2d`, `1w`: what every option takes that is a length of time. A number alone counts seconds. */
export function parsePeriod(text: string): Seconds | undefined {
  if (/^\d+(\.\d+)?$/.test(text)) return parseDuration(Number(text));
  const [, weeks = "0", days = "0", rest = ""] = /^(?:(\d+)w)?(?:(\d+)d)?(.*)$/.exec(text) ?? [];
  const long = (Number(weeks) * 7 + Number(days)) * DAY;
  if (rest === "") return long > 0 ? long : undefined;
  const short = parseDuration(rest);
  return short === undefined || /^\d+$/.test(rest) ? undefined : long + short;
}
