import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import type { Update } from "./history";
import type { Env } from "../project/env";
import type { Project } from "../project/project";
import { runPulumi } from "../project/pulumi";

/** Reads Pulumi's updates of the stack, oldest first. A file backend does not number them, so they are counted. */
export async function readUpdates(project: Project, env: Env): Promise<readonly Update[]> {
  const { backend, name, stackName } = project;
  const folder = backend.kind === "files" ? join(backend.folder, ".pulumi", "history", name, stackName) : "";
  if (existsSync(folder)) {
    const files = readdirSync(folder).filter((file) => /\.history\.json(\.gz)?$/.test(file));
    return files.sort().map((file, at) => {
      const { startTime, endTime } = JSON.parse(readMaybeZipped(join(folder, file))) as Record<string, number>;
      return { version: at + 1, start: startTime ?? 0, end: endTime ?? 0 };
    });
  }
  const { code, stdout } = await runPulumi(project, ["stack", "history", "--json", "--page-size", "0"], env);
  // Without Pulumi's history, the audit log alone still tells who did what.
  if (code !== 0) return [];
  const updates = JSON.parse(stdout) as { version: number; startTime: string; endTime?: string }[];
  const seconds = (time: string) => Math.floor(Date.parse(time) / 1000);
  return updates.reverse().map(({ version, startTime, endTime = startTime }, at) => ({
    version: version === 0 ? at + 1 : version,
    start: seconds(startTime),
    end: seconds(endTime),
  }));
}

function readMaybeZipped(file: string): string {
  const bytes = readFileSync(file);
  return (file.endsWith(".gz") ? gunzipSync(bytes) : bytes).toString("utf8");
}
