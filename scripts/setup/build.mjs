import { existsSync, mkdirSync, readdirSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { root } from "./paths.mjs";
import { run, withHeartbeat } from "./run.mjs";

// Not in dist/, which is published. It lies in node_modules, because other dependencies need another build.
const stamp = join(root, "node_modules", ".cache", "pulumi-formation", "built");

/** Compiles to dist/ unless nothing has changed since the last build that succeeded. */
export async function ensureBuild() {
  const built = existsSync(join(root, "dist")) ? modified(stamp) : 0;
  if (built > 0 && built >= newest(sources())) return;
  const start = new Date();
  const npm = process.platform === "win32" ? "npm.cmd" : "npm";
  await withHeartbeat("compiling to dist/ (npm run build)", () =>
    run(npm, ["run", "--silent", "build"], { cwd: root }),
  );
  // The time of the start is kept, because a file saved during the build has to be compiled again.
  mkdirSync(dirname(stamp), { recursive: true });
  writeFileSync(stamp, "");
  utimesSync(stamp, start, start);
}

function sources() {
  const configs = readdirSync(root).filter((name) => /^(tsconfig.*|package)\.json$/.test(name));
  return [...configs, "scripts/bundle.mjs", ...["provider", "sdk", "cli"].flatMap(tree)].map((name) =>
    join(root, name),
  );
}

/** @param {string} folder @returns {string[]} the folder and all in it: removing a file changes its folder's time */
function tree(folder) {
  const path = join(root, folder);
  if (!existsSync(path)) return [];
  return [folder, ...readdirSync(path, { recursive: true }).map((name) => join(folder, String(name)))];
}

/** @param {string[]} files */
const newest = (files) => Math.max(0, ...files.map(modified));

/** @param {string} file @returns {number} 0 when there is no such file */
const modified = (file) => statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0;
