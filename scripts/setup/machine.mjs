import { accessSync, constants, existsSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { run, withHeartbeat } from "./run.mjs";

const aptLock = join(tmpdir(), "formation-apt.lock");

export const isRoot = () => process.getuid?.() === 0;

/** True on Debian and its derivatives as root, where packages may be installed. */
export const isDebianRoot = () => isRoot() && existsSync("/etc/debian_version") && onPath("apt-get") !== undefined;

/** @param {string} program @returns {string | undefined} its full path */
export const onPath = (program) =>
  (process.env.PATH ?? "")
    .split(delimiter)
    .map((folder) => join(folder, program))
    .find(isExecutable);

/** @param {string} file */
export function isExecutable(file) {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/**
 * @param {readonly string[]} packages
 * @param {string} title
 */
export async function aptInstall(packages, title) {
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  // Two steps side by side would fail, because one finds the other's lock.
  const aptGet = (/** @type {string[]} */ ...args) => run("flock", [aptLock, "apt-get", ...args], { env });
  await withHeartbeat(title, async () => {
    await aptGet("update");
    await aptGet("install", "-y", "--no-install-recommends", ...packages);
  });
}
