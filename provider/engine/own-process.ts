import { existsSync, readFileSync, readlinkSync } from "node:fs";

/**
 * A name for this process that no other ever has, by which others on the same machine can tell whether it is gone.
 * Empty on anything but Linux.
 */
export function ownProcess(): string {
  const place = ownPlace();
  return place === undefined ? "" : `${place} ${process.pid} ${startOf(process.pid) ?? ""}`;
}

/** True when a process is certain to be gone. One on another machine, or in another container, counts as alive. */
export function isProcessGone(name: string): boolean {
  const [boot, namespace, pid = "", start] = name.split(" ");
  const place = ownPlace();
  if (name === "" || place === undefined || place !== `${boot} ${namespace}`) return false;
  return startOf(Number(pid)) !== start;
}

/** The boot of the machine, and the PID namespace of this process. */
function ownPlace(): string | undefined {
  try {
    const boot = readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
    return `${boot} ${readlinkSync("/proc/self/ns/pid")}`;
  } catch {
    return undefined;
  }
}

/** Start of a process in ticks since the boot; `undefined` when no process has that number, or a dead one has. */
function startOf(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    const [state, ...rest] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return state === "Z" || state === "X" ? undefined : rest[18];
  } catch {
    return undefined;
  }
}

/** True when this process runs in a container of Docker or Podman. */
export function isInContainer(): boolean {
  return existsSync("/.dockerenv") || existsSync("/run/.containerenv");
}
