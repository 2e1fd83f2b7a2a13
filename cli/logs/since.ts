import { FormationError } from "../../provider/core/errors";
import { parseDuration } from "../../provider/core/units";
import { fullTime } from "./audit";

/** `10m`, `1h30m` ago, or a time such as `2026-11-23T15:04:05Z`. @param now in milliseconds */
export function sinceTime(text: string, now: number): string {
  const ago = parseDuration(text);
  const time = ago === undefined ? absolute(text) : now - ago * 1000;
  if (Number.isNaN(time)) {
    throw new FormationError("InvalidInput", `--since is ${JSON.stringify(text)}`, {
      hint: "give how long ago, such as 10m or 1h30m, or a time such as 2026-11-23T15:04:05Z",
    });
  }
  return fullTime(new Date(time).toISOString());
}

function absolute(text: string): number {
  return /^\d{4}-\d\d-\d\d/.test(text) ? Date.parse(text) : NaN;
}
