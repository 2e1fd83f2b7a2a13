import { mkdirSync, renameSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** Each file is whole at any time: Prometheus reads a target file the moment that it changes. */
export function writeFiles(folder: string, files: Readonly<Record<string, string>>): void {
  for (const [name, text] of Object.entries(files)) {
    const file = join(folder, name);
    const next = `${file}.${process.pid}.new`;
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(next, text);
    renameSync(next, file);
  }
}
