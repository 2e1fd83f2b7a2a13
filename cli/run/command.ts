import { FormationError } from "../../provider/core/values/errors";
import type { Command } from "../../provider/core/inputs/process-type";

/**
 * Reads the command to run: the words after `--` are a program and its arguments, unchanged; without `--` the words
 * are one line for `/bin/sh`, as in a Procfile.
 *
 * @param args all words after `formation`
 * @param given words that are not options
 */
export function commandOf(args: readonly string[], given: readonly string[]): Command {
  const dashes = args.indexOf("--");
  if (dashes !== -1) {
    const words = args.slice(dashes + 1);
    if (words.length > 0 && given.length === words.length) return words;
    throw new FormationError(
      "InvalidInput",
      words.length === 0 ? "nothing stands after --" : "a word stands before --",
      {
        hint: "say formation run -- <program> <arguments…>",
      },
    );
  }
  const [line, ...more] = given;
  if (line !== undefined && line.trim() !== "" && more.length === 0) return line;
  throw new FormationError("InvalidInput", line === undefined ? "there is no command" : "there are several words", {
    hint: "say formation run -- <program> <arguments…>, or give one line for the shell in quotes",
  });
}
