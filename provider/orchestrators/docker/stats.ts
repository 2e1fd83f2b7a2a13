import type { Usage } from "../viewer";

interface Cpu {
  readonly cpu_usage: { readonly total_usage: number };
  readonly system_cpu_usage?: number;
  readonly online_cpus?: number;
}

/** Two measurements of an engine, a second apart. */
export interface Stats {
  readonly cpu_stats: Cpu;
  readonly precpu_stats: Cpu;
  readonly memory_stats: {
    readonly usage?: number;
    readonly limit?: number;
    readonly stats?: Readonly<Record<string, number>>;
  };
}

/** Computes usage as `docker stats` does. @returns undefined for a process that does not run */
export function readUsage({ cpu_stats: now, precpu_stats: before, memory_stats: memory }: Stats): Usage | undefined {
  if (memory.usage === undefined) return undefined;
  // Files that the kernel keeps in memory until somebody needs it are not usage (cgroup v1, v2).
  const cached = memory.stats?.["total_inactive_file"] ?? memory.stats?.["inactive_file"] ?? 0;
  const used = now.cpu_usage.total_usage - before.cpu_usage.total_usage;
  const passed = (now.system_cpu_usage ?? 0) - (before.system_cpu_usage ?? 0);
  return {
    memory: Math.max(0, memory.usage - cached),
    memoryLimit: memory.limit ?? 0,
    cpus: passed > 0 && used > 0 ? (used / passed) * (now.online_cpus ?? 1) : 0,
    cpuSeconds: now.cpu_usage.total_usage / 1e9,
  };
}
