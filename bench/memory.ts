import { readdirSync, readFileSync } from "node:fs";

const EVERY_MS = 100;

/**
 * Measures the most memory (VmHWM, in MB) that a descendant of this process uses whose command line contains `text`.
 */
export function watchMemory(text: string): { readonly stop: () => number } {
  let most = 0;
  const look = () => {
    for (const pid of descendants(String(process.pid))) {
      if (!read(`/proc/${pid}/cmdline`).includes(text)) continue;
      const [, kibibytes] = /^VmHWM:\s+(\d+) kB/m.exec(read(`/proc/${pid}/status`)) ?? [];
      most = Math.max(most, (Number(kibibytes ?? 0) * 1024) / 1e6);
    }
  };
  const timer = setInterval(look, EVERY_MS);
  return {
    stop: () => {
      clearInterval(timer);
      return most;
    },
  };
}

function descendants(pid: string): string[] {
  const children = threads(pid).flatMap((thread) => read(`/proc/${pid}/task/${thread}/children`).split(" "));
  return children.filter(Boolean).flatMap((child) => [child, ...descendants(child)]);
}

function threads(pid: string): string[] {
  try {
    return readdirSync(`/proc/${pid}/task`);
  } catch {
    return [];
  }
}

/** Reads a file of /proc; empty when the process has ended in the meantime. */
function read(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}
