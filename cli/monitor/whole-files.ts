import { mkdirSync, renameSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { readText } from "../files";
import type { Files } from "./files";

/** Each file is whole at any time: it may be read the moment that it changes. One that is the same is not touched. */
export function writeFiles(folder: string, files: Files): void {
  for (const [name, text] of Object.entries(files)) {
    const file = join(folder, name);
    if (readText(file) === text) continue;
    const next = `${file}.${process.pid}.new`;
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(next, text);
    renameSync(next, file);
  }
}
