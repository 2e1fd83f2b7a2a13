import { existsSync, readFileSync, readlinkSync } from "node:fs";

/**
 * A name for this process that no other ever has, with which others on the same machine can tell whether it is gone.
 * Elsewhere than on Linux there is none.
 */
export function ownProcess(): string {
  const place = ownPlace();
  return place === undefined ? "" : `${place} ${process.pid} ${startOf(process.pid) ?? ""}`;
}

/** Tells that a process is gone for sure. A process of another machine, or of another container, may be alive for all we know. */
export function isProcessGone(name: string): boolean {
  const [boot, namespace, pid = "", start] = name.split(" ");
  const place = ownPlace();
  if (name === "" || place === undefined || place !== `${boot} ${namespace}`) return false;
  return startOf(Number(pid)) !== start;
}

/** The boot of the machine, and the set of processes that one sees the other in. */
function ownPlace(): string | undefined {
  try {
    const boot = readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
    return `${boot} ${readlinkSync("/proc/self/ns/pid")}`;
  } catch {
    return undefined;
  }
}

/** When a process was started, in ticks since the boot; `undefined` when there is none of that number, or a dead one. */
function startOf(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    const [state, ...rest] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return state === "Z" || state === "X" ? undefined : rest[18];
  } catch {
    return undefined;
  }
}

/** Tells that this process runs in a container of Docker's or Podman's. */
export function isInContainer(): boolean {
  return existsSync("/.dockerenv") || existsSync("/run/.containerenv");
}
