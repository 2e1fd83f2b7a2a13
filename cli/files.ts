import { readFileSync } from "node:fs";
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

export function parseYaml(text: string): unknown {
  // The parser takes longer to load than all else that `ps` does: only where it is needed.
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  return (require("yaml") as typeof Yaml).parse(text);
}
