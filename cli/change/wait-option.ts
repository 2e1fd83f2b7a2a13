import { InvalidArgumentError, Option } from "commander";
import { parsePeriod } from "../terminal/duration";

/** Option of all commands that change the stack. */
export function waitOption(): Option {
  return new Option("--wait <time>", "how long to wait while somebody else changes the stack")
    .default(60, "1m")
    .argParser((text) => {
      const seconds = parsePeriod(text);
      if (seconds !== undefined) return seconds;
      throw new InvalidArgumentError("Give a time such as 30s or 5m; a number alone counts seconds.");
    });
}
