import { statSync } from "node:fs";
import { join } from "node:path";
import { root } from "./paths.mjs";
import { run, withHeartbeat } from "./run.mjs";

/** Installs what package-lock.json names, unless npm has done so since that file last changed. */
export async function ensureDependencies() {
  const installed = modified(join(root, "node_modules", ".package-lock.json"));
  if (installed > 0 && installed >= modified(join(root, "package-lock.json"))) return;
  const npm = process.platform === "win32" ? "npm.cmd" : "npm";
  await withHeartbeat("installing dependencies (npm ci)", () =>
    run(npm, ["ci", "--no-audit", "--no-fund"], { cwd: root }),
  );
}

/** @param {string} file @returns {number} 0 when there is no such file */
const modified = (file) => statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0;
