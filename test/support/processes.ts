import { readdirSync, readFileSync } from "node:fs";

/** The command lines of all processes of this machine. */
export function commandLines(): string[][] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map((pid) => commandLine(pid));
}

/** Empty for a process that is gone, or only waits to be reaped. */
export function commandLine(pid: string): string[] {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0");
  } catch {
    return [];
  }
}
