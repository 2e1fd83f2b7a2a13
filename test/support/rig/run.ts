import { execFile } from "node:child_process";
import { setTimeout as delay } from "node:timers/promises";
import { promisify } from "node:util";

/** Runs a program to its end; an error holds its output. @returns stdout */
export async function run(program: string, ...args: readonly string[]): Promise<string> {
  return (await promisify(execFile)(program, args, { maxBuffer: 1e7 })).stdout;
}

/** Waits for a condition. @throws with `what` when it does not hold within the time */
export async function until(what: string, seconds: number, isSo: () => boolean | Promise<boolean>): Promise<void> {
  for (const end = performance.now() + seconds * 1000; !(await isSo()); await delay(50)) {
    if (performance.now() > end) throw new Error(`${what}: not so after ${seconds} s`);
  }
}
