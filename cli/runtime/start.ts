import { spawn, type ChildProcess } from "node:child_process";
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { followLines } from "./tail-file";
import type { Env } from "../project/env";
import { ended } from "../project/pulumi";
import type { Job } from "./job";

/** Pulumi's exit code and error output. */
export interface Ending {
  readonly code: number;
  readonly complaints: string;
}

/**
 * Starts the process for a job, and passes on the lines that Pulumi writes meanwhile.
 *
 * @param onStart called with the process group of the job
 */
export async function withRuntime(
  env: Env,
  job: Job,
  onLine: (line: string) => void,
  onStart: (group: number) => void,
): Promise<Ending> {
  const folder = mkdtempSync(join(tmpdir(), "formation-"));
  const [events, complaints] = [join(folder, "events"), join(folder, "stderr")];
  // Output goes to files, because a pipe without a reader would kill Pulumi.
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
 * Starts a process group that Ctrl-C on the terminal does not reach, because a second Ctrl-C would kill Pulumi in the
 * middle of a step. When we are killed, the group goes on to the end.
 */
function start(env: Env, out: number, err: number): ChildProcess {
  const child = spawn(process.execPath, [join(__dirname, "main.js")], {
    detached: true,
    env,
    stdio: ["pipe", out, err, "pipe"],
  });
  // The process may end before it has read all of its input.
  child.stdin?.on("error", () => undefined);
  // Pulumi holds the other end, too: the pipe stays open as long as a process can still change something.
  (child.stdio[3] as NodeJS.ReadableStream | undefined)?.resume();
  return child;
}
