import { createInterface } from "node:readline/promises";
import { FormationError } from "../../provider/core/values/errors";

/** Asks on the terminal; anything but yes is no. */
export async function confirm(question: string): Promise<boolean> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  const abort = new AbortController();
  terminal.on("SIGINT", () => abort.abort());
  try {
    return /^y(es)?$/i.test((await terminal.question(`${question} [y/N] `, { signal: abort.signal })).trim());
  } catch (error) {
    // Ctrl-D aborts the question, too.
    if ((error as { readonly code?: unknown }).code !== "ABORT_ERR") throw error;
    process.stderr.write("\n");
    throw new FormationError("Interrupted", "stopped; nothing was changed", { cause: error });
  } finally {
    terminal.close();
  }
}
