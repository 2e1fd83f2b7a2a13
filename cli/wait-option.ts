import { InvalidArgumentError, Option } from "commander";

/** What every command has that changes the stack. */
export function waitOption(): Option {
  return new Option("--wait <seconds>", "how long to wait while somebody else changes the stack")
    .default(60)
    .argParser((text) => {
      const seconds = Number(text);
      if (text.trim() !== "" && seconds >= 0 && Number.isFinite(seconds)) return seconds;
      throw new InvalidArgumentError("Give a number of seconds.");
    });
}
