// Who imports whom, types included: node scripts/structure.mjs
// Prints circles, arrows that point up, and folders that hold too many files; fails when there are any.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, relative, resolve } from "node:path";
import { root } from "./setup/paths.mjs";

/** @type {typeof import("typescript")} */
const typescript = createRequire(import.meta.url)("typescript");

const MOST_FILES = 20;

/** The seam between what acts on engines and who decides what is done there. */
const SEAM = ["apply", "claiming", "hook-context", "newcomer", "orchestrator", "tidy", "viewer"];

/**
 * The floors, lowest first: a file imports from its own floor and from those below it. Of several that fit a file, the
 * longest counts.
 *
 * @type {(string | string[])[]}
 */
const FLOORS = [
  "provider/core/values/",
  "provider/core/inputs/",
  "provider/core/model/",
  "provider/core/guards/",
  "provider/core/scale.ts",
  "provider/core/record/",
  "provider/core/plan/",
  "provider/engine/connect/",
  "provider/engine/",
  "provider/orchestrators/docker/plan/",
  "provider/orchestrators/swarm/plan/",
  "provider/orchestrators/docker/container/",
  "provider/orchestrators/docker/host/",
  "provider/orchestrators/swarm/api/",
  SEAM.map((name) => `provider/orchestrators/${name}.ts`),
  "provider/orchestrators/docker/",
  "provider/orchestrators/swarm/",
  "provider/orchestrators/",
  "provider/lifecycle/",
  "provider/pulumi/",
  "provider/",
  "sdk/",
  "cli/terminal/",
  "cli/project/",
  "cli/state/",
  "cli/context.ts",
  "cli/runtime/",
  "cli/update/",
  "cli/observe/",
  "cli/change/",
  "cli/",
];

/** Rooms that decide and do nothing: they import nothing but each other. */
const PURE = /^provider\/(core|orchestrators\/\w+\/plan)\//;

/** Neighbours that must not know each other. */
const APART = ["provider/orchestrators/docker/", "provider/orchestrators/swarm/"];

/** @param {string} folder @returns {string[]} */
function filesIn(folder) {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory()) return filesIn(path);
    return path.endsWith(".ts") ? [path] : [];
  });
}

/** @param {string} file @returns {string[]} the files of ours that it imports */
function importsOf(file) {
  const { importedFiles } = typescript.preProcessFile(readFileSync(join(root, file), "utf8"), true, true);
  return importedFiles
    .filter(({ fileName }) => fileName.startsWith("."))
    .flatMap(({ fileName }) => {
      const path = resolve(root, dirname(file), fileName);
      const found = [`${path}.ts`, join(path, "index.ts")].find((one) => existsSync(one));
      return found === undefined ? [] : [relative(root, found)];
    });
}

/** @param {string} file */
function floorOf(file) {
  const lengths = FLOORS.map((floor) =>
    Math.max(0, ...[floor].flat().map((one) => (file.startsWith(one) ? one.length : 0))),
  );
  return lengths.indexOf(Math.max(...lengths));
}

/** @param {string} from @param {string} to */
function isUpwards(from, to) {
  const [a, b] = [from, to].map((file) => APART.find((folder) => file.startsWith(folder)));
  if (a !== undefined && b !== undefined && a !== b) return true;
  return floorOf(to) > floorOf(from) || (PURE.test(from) && !PURE.test(to));
}

/** @param {Map<string, string[]>} graph @returns {string[][]} groups of files that lead to each other (Tarjan) */
function circlesIn(graph) {
  /** @type {Map<string, { at: number, low: number, isOpen: boolean }>} */
  const seen = new Map();
  /** @type {string[]} */
  const path = [];
  /** @type {string[][]} */
  const circles = [];
  /** @param {string} file */
  const visit = (file) => {
    const own = { at: seen.size, low: seen.size, isOpen: true };
    seen.set(file, own);
    path.push(file);
    for (const next of graph.get(file) ?? []) {
      const other = seen.get(next) ?? visit(next);
      if (other.isOpen) own.low = Math.min(own.low, other.low);
    }
    if (own.low === own.at) {
      const circle = path.splice(path.indexOf(file));
      for (const one of circle) Object.assign(seen.get(one) ?? {}, { isOpen: false });
      if (circle.length > 1) circles.push(circle);
    }
    return own;
  };
  for (const file of graph.keys()) if (!seen.has(file)) visit(file);
  return circles;
}

const files = ["provider", "sdk", "cli"].flatMap(filesIn);
const graph = new Map(files.map((file) => [file, importsOf(file)]));
const circles = circlesIn(graph).map((circle) => circle.join(", "));
const upwards = files.flatMap((from) =>
  (graph.get(from) ?? []).filter((to) => isUpwards(from, to)).map((to) => `${from} imports ${to}`),
);
/** @type {Map<string, number>} */
const counts = new Map();
for (const file of files) counts.set(dirname(file), (counts.get(dirname(file)) ?? 0) + 1);
const crowded = [...counts].filter(([, count]) => count > MOST_FILES).map(([folder, count]) => `${folder}: ${count}`);

for (const [what, found] of [
  ["circles of imports", circles],
  ["imports that point up", upwards],
  [`folders of more than ${MOST_FILES} files`, crowded],
]) {
  console.log(`${what}: ${found.length}`);
  for (const line of found) console.log(`  ${line}`);
}
if (circles.length + upwards.length + crowded.length > 0) process.exitCode = 1;
