import { existsSync, mkdirSync, renameSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { readText } from "../files";
import { unreachableOf } from "./targets";
import { appFiles, sharedFiles, type Files, type Monitored, type MonitorOptions } from "./files";

/**
 * Writes what Prometheus and Grafana need for an app. Its own files are replaced; those that apps share are left alone
 * where they are.
 *
 * @returns the names of processes that cannot be watched from here, because they are published on another machine's
 * loopback
 */
export function writeMonitoring(folder: string, app: Monitored, options: MonitorOptions): readonly string[] {
  const missing = Object.entries(sharedFiles()).filter(([name]) => !existsSync(join(folder, name)));
  writeFiles(folder, { ...Object.fromEntries(missing), ...appFiles(app, options) });
  return unreachableOf(app.instances, app.elsewhere ?? []);
}

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
