import { accessSync, constants, existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { run, withHeartbeat } from "./run.mjs";

export const isRoot = () => process.getuid?.() === 0;

/** Debian and what derives from it, where we may install packages. */
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
  await withHeartbeat(title, async () => {
    await run("apt-get", ["update"], { env });
    await run("apt-get", ["install", "-y", "--no-install-recommends", ...packages], { env });
  });
}
