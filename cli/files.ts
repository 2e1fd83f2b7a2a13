import { readFileSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import type * as Yaml from "yaml";

/** @returns `undefined` when there is no such file */
export function readText(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

/** @returns `undefined` when there is no such file */
export function readJson(file: string): unknown {
  const text = readText(file);
  return text === undefined ? undefined : (JSON.parse(text) as unknown);
}

const TRIES = 50;
const A_MOMENT_MS = 100;

/** Does again, a moment later, what fails while Pulumi writes a state: in a file it is not whole all the time. */
export async function oncePossible<T>(work: () => Promise<T>): Promise<T> {
  for (let left = TRIES; ; left--) {
    try {
      return await work();
    } catch (error) {
      if (left <= 1) throw error;
      await delay(A_MOMENT_MS);
    }
  }
}

export function parseYaml(text: string): unknown {
  // The parser takes longer to load than all else that `ps` does: only where it is needed.
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  return (require("yaml") as typeof Yaml).parse(text);
}
