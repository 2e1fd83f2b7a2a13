import { spawn } from "node:child_process";
import { openSync, closeSync, readFileSync } from "node:fs";
import { until } from "./run";

/**
 * Namespaces (network, mounts, processes, host name) with a first process that reaps orphans in them. When that process
 * ends, as it does when the test ends, every process in the capsule ends.
 */
export interface Capsule {
  /** Starts a program in the capsule, detached, with its output in a file. */
  readonly start: (log: string, program: string, ...args: readonly string[]) => Promise<void>;
}

// Each engine needs an /etc/docker, from a key in which its id comes, and a containerd apart from the system's.
const script = `hostname "$1" && mkdir -p /etc/docker /run/containerd /run/docker /run/sshd &&
for folder in /etc/docker /run/containerd /run/docker; do mount -t tmpfs none "$folder" || exit; done &&
echo ready && exec docker-init -- cat`;
const own = ["--mount", "--uts", "--ipc", "--pid", "--fork", "--kill-child=SIGKILL", "--mount-proc"];

export async function makeCapsule(name: string, network: string): Promise<Capsule> {
  const shell = ["sh", "-c", script, "sh", name];
  const init = spawn("nsenter", [`--net=/run/netns/${network}`, "unshare", ...own, ...shell], {
    stdio: ["pipe", "pipe", "pipe"],
  });
  let said = "";
  for (const stream of [init.stdout, init.stderr]) stream.on("data", (data) => (said += String(data)));
  await until(`the namespaces of ${name}`, 10, () => {
    if (init.exitCode !== null) throw new Error(`cannot make the namespaces of ${name}: ${said}`);
    return said.includes("ready");
  });
  const pid = readFileSync(`/proc/${init.pid}/task/${init.pid}/children`, "utf8").trim();
  // A finished test must not wait for the capsule.
  init.unref();
  for (const stream of [init.stdin, init.stdout, init.stderr]) (stream as { unref?: () => void }).unref?.();
  return {
    start: (log, ...command) =>
      new Promise((resolve, reject) => {
        const output = openSync(log, "a");
        // setsid forks, so that no parent is left outside the capsule, which would be stopped together with a frozen
        // child.
        spawn("nsenter", ["-t", pid, "-m", "-u", "-i", "-n", "-p", "--", "setsid", "--fork", ...command], {
          stdio: ["ignore", output, output],
        })
          .once("error", reject)
          .once("exit", (code) =>
            code === 0 ? resolve() : reject(new Error(`cannot start ${command[0]}, see ${log}`)),
          );
        closeSync(output);
      }),
  };
}
