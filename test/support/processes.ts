import { readdirSync, readFileSync } from "node:fs";

/** Command lines of all processes of this machine. */
export function commandLines(): string[][] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map((pid) => commandLine(pid));
}

/** Command line of a process; empty when it is gone, or only waits to be reaped. */
export function commandLine(pid: string): string[] {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0");
  } catch {
    return [];
  }
}
