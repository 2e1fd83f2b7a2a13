import type { Seconds } from "../../provider/core/values/units";

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Formats an age as `3s`, `1m`, `8h` or `2d`, changing units where the engine does. */
export function formatAge(age: Seconds): string {
  if (age < MINUTE) return `${Math.floor(age)}s`;
  if (age < HOUR) return `${Math.floor(age / MINUTE)}m`;
  if (age < 2 * DAY) return `${Math.floor(age / HOUR)}h`;
  return `${Math.floor(age / DAY)}d`;
}
