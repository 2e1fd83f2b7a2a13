import { existsSync } from "node:fs";
import { join } from "node:path";
import { writeFiles } from "./whole-files";
import { unreachableOf } from "./targets";
import { appFiles, boardFiles, sharedFiles, type Monitored, type MonitorOptions } from "./files";
import { remember } from "./written";

/**
 * Writes what Prometheus and Grafana need for an app. Its own files and the dashboard are replaced; all others that apps
 * share are left alone where they are.
 *
 * @returns the names of processes that cannot be watched from here, because they are published on another machine's
 * loopback
 */
export function writeMonitoring(folder: string, app: Monitored, options: MonitorOptions): readonly string[] {
  const missing = Object.entries(sharedFiles()).filter(([name]) => !existsSync(join(folder, name)));
  const own = appFiles(app, options);
  writeFiles(folder, { ...Object.fromEntries(missing), ...boardFiles(), ...own });
  remember(folder, app, Object.keys(own));
  return unreachableOf(app.instances, app.elsewhere ?? []);
}
