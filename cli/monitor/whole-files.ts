import { mkdirSync, renameSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { readText } from "../project/files";
import type { Files } from "./files";

/** Replaces files as a whole, because they may be read at any moment. Unchanged files are not touched. */
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
