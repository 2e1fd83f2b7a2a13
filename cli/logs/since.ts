import { FormationError } from "../../provider/core/values/errors";
import { parsePeriod } from "../terminal/duration";
import { fullTime } from "./audit";

/** Numbers from here on are seconds since 1970, as `date +%s` prints them, and not seconds ago. */
const EPOCH = 1e9;

/** Parses `10m`, `1d`, `90` (seconds) ago, or a time such as `2026-11-23T15:04:05Z`. @param now in milliseconds */
export function sinceTime(text: string, now: number): string {
  const ago = parsePeriod(text);
  const time = ago === undefined ? absolute(text) : ago >= EPOCH ? ago * 1000 : now - ago * 1000;
  if (Number.isNaN(time)) {
    throw new FormationError("InvalidInput", `--since is ${JSON.stringify(text)}`, {
      hint: "give how long ago, such as 10m, 1h30m or 1d, or a time such as 2026-11-23T15:04:05Z; without a zone it is local time",
    });
  }
  return fullTime(new Date(time).toISOString());
}

/** Parses a time or a date as local unless it has a zone; JavaScript would take a date as UTC. */
function absolute(text: string): number {
  if (!/^\d{4}-\d\d-\d\d/.test(text)) return NaN;
  return Date.parse(text.length === "2026-11-23".length ? `${text}T00:00:00` : text);
}
