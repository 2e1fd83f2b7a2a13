import { spawn, type ChildProcess } from "node:child_process";
import type { Socket } from "node:net";
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
 * Process that carries out one job. It takes some 0.2 s to load what it needs, and can be started before the job is
 * known.
 */
export class Runtime {
  readonly #folder = mkdtempSync(join(tmpdir(), "formation-"));
  readonly #output: string;
  readonly #complaints: string;
  readonly #files: readonly [out: number, err: number];
  readonly #child: ChildProcess;
  readonly #ended: Promise<number>;
  #isUsed = false;

  constructor(env: Env) {
    [this.#output, this.#complaints] = [join(this.#folder, "events"), join(this.#folder, "stderr")];
    // Output goes to files, because a pipe without a reader would kill Pulumi.
    this.#files = [openSync(this.#output, "w"), openSync(this.#complaints, "w")];
    this.#child = start(env, ...this.#files);
    this.#ended = ended(this.#child);
    // A process that could not be started is reported once there is a job for it.
    this.#ended.catch(() => undefined);
  }

  /**
   * Hands over the job, and passes on the lines that Pulumi writes meanwhile.
   *
   * @param onStart called with the process group of the job
   */
  async run(job: Job, onLine: (line: string) => void, onStart: (group: number) => void): Promise<Ending> {
    this.#isUsed = true;
    try {
      if (this.#child.pid !== undefined) onStart(this.#child.pid);
      const finish = followLines(this.#output, onLine);
      this.#child.stdin?.end(JSON.stringify(job));
      const code = await this.#ended.finally(finish);
      return { code, complaints: readFileSync(this.#complaints, "utf8") };
    } finally {
      this.#remove();
    }
  }

  /** Gives up a process that has got no job: it ends by itself, and nobody waits for it. */
  discard(): void {
    if (this.#isUsed) return;
    this.#isUsed = true;
    this.#child.stdin?.destroy();
    (this.#child.stdio[3] as Socket | undefined)?.destroy();
    this.#child.unref();
    this.#remove();
  }

  #remove(): void {
    for (const file of this.#files) closeSync(file);
    rmSync(this.#folder, { recursive: true, force: true });
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
