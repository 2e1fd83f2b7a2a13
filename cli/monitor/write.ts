import { existsSync } from "node:fs";
import { join } from "node:path";
import { writeFiles } from "./whole-files";
import { unreachableOf } from "./targets";
import { appFiles, boardFiles, sharedFiles, type Monitored, type MonitorOptions } from "./files";
import { remember } from "./written";

/**
 * Writes the files of Prometheus and Grafana for an app. The app's own files and the dashboard are replaced; other
 * shared files are left alone if they exist.
 *
 * @returns the names of processes that cannot be monitored from here, because they are published on another machine's
 * loopback
 */
export function writeMonitoring(folder: string, app: Monitored, options: MonitorOptions): readonly string[] {
  const missing = Object.entries(sharedFiles()).filter(([name]) => !existsSync(join(folder, name)));
  const own = appFiles(app, options);
  writeFiles(folder, { ...Object.fromEntries(missing), ...boardFiles(), ...own });
  remember(folder, app, Object.keys(own));
  return unreachableOf(app.instances, app.elsewhere ?? []);
}
