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

/** Tries again a moment later, because a state file is not whole while Pulumi writes it. */
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
  // Loaded only on use, because the parser takes longer to load than everything else that `ps` does.
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  return (require("yaml") as typeof Yaml).parse(text);
}
