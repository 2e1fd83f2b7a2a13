import { spawn, type ChildProcess } from "node:child_process";
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { followLines } from "../follow";
import type { Env } from "../env";
import { ended } from "../pulumi";
import type { Job } from "./job";

/** How it ended: Pulumi's exit code and all that it complained of. */
export interface Ending {
  readonly code: number;
  readonly complaints: string;
}

/**
 * Has a job done, and hands on the lines that Pulumi writes meanwhile.
 *
 * @param onStart is told which process group does it
 */
export async function withRuntime(
  env: Env,
  job: Job,
  onLine: (line: string) => void,
  onStart: (group: number) => void,
): Promise<Ending> {
  const folder = mkdtempSync(join(tmpdir(), "formation-"));
  const [events, complaints] = [join(folder, "events"), join(folder, "stderr")];
  // Files, because Pulumi would die of a pipe that nobody reads any more.
  const [out, err] = [openSync(events, "w"), openSync(complaints, "w")];
  try {
    const child = start(env, out, err);
    if (child.pid !== undefined) onStart(child.pid);
    const finish = followLines(events, onLine);
    const code = ended(child);
    child.stdin?.end(JSON.stringify(job));
    return { code: await code.finally(finish), complaints: readFileSync(complaints, "utf8") };
  } finally {
    closeSync(out);
    closeSync(err);
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * It has a process group of its own, which a Ctrl-C on the terminal does not reach: the second one would kill Pulumi in
 * the middle of a step. When we are killed, it goes on to the end.
 */
function start(env: Env, out: number, err: number): ChildProcess {
  const child = spawn(process.execPath, [join(__dirname, "main.js")], {
    detached: true,
    env,
    stdio: ["pipe", out, err, "pipe"],
  });
  // It may have ended before it has read all.
  child.stdin?.on("error", () => undefined);
  // Pulumi holds the other end, too: as long as anybody can still change something, this has not ended.
  (child.stdio[3] as NodeJS.ReadableStream | undefined)?.resume();
  return child;
}
