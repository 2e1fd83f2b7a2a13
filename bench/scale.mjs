// Measures `formation scale` beside docker compose, the command of a former commit, and an empty program under `pulumi
// up`: `node bench/scale.mjs [--before f2d816a] [--write docs/benchmarks.md] [quantity…]`.
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { ensureBaseImage } from "../scripts/setup/base-image.mjs";
import { ensureBuild } from "../scripts/setup/build.mjs";
import { ensureDependencies } from "../scripts/setup/dependencies.mjs";
import { ensureDocker } from "../scripts/setup/docker.mjs";
import { root } from "../scripts/setup/paths.mjs";
import { ensurePulumi } from "../scripts/setup/pulumi.mjs";
import { say } from "../scripts/setup/run.mjs";
import { ensureCompose } from "./compose.mjs";
import { median } from "./median.mjs";

/** Most that the command may cost beyond its engine work, as a share of the cost of an empty program. */
const GOAL = 0.7;

const { values, positionals } = parseArgs({
  options: { before: { type: "string" }, write: { type: "string" } },
  allowPositionals: true,
});
const quantities = positionals.length === 0 ? [1, 10, 25, 50, 100] : positionals.map(Number);

await ensureDependencies();
await ensureBuild();
await ensureDocker();
await ensurePulumi();
const image = await ensureBaseImage();
const compose = await ensureCompose();
const load = createRequire(import.meta.url);
load("./load-typescript.cjs");
const { scaling, machine, writeSection } = load("./scaling.ts");

const folder = mkdtempSync(join(tmpdir(), "formation-before-"));
if (values.before !== undefined) checkOut(values.before);
const { contestants, end } = await scaling(image, compose, values.before === undefined ? undefined : folder);
/** @typedef {Record<string, { whole: number, work?: number }>} Taken */
/** @type {[string, Taken][]} */
const steps = [];

/** Builds the command of a former commit. @param {string} commit */
function checkOut(commit) {
  say(`building ${commit} …`);
  const archive = execFileSync("git", ["archive", commit], { cwd: root, maxBuffer: 1e9 });
  execFileSync("tar", ["-x", "-C", folder], { input: archive });
  symlinkSync(join(root, "node_modules"), join(folder, "node_modules"));
  execFileSync("npm", ["run", "--silent", "build"], { cwd: folder, stdio: "inherit" });
}

/** Measures a step of all contestants in turn, so that other load on the machine weighs on all alike. */
async function measure(/** @type {string} */ title, /** @type {number} */ to) {
  /** @type {Taken} */
  const taken = {};
  for (const [who, contestant] of Object.entries(contestants))
    taken[who] = await contestant.perform({ op: "scale", to });
  steps.push([title, taken]);
  say([title, ...Object.entries(taken).map(([who, { whole }]) => `${who} ${whole.toFixed(2)}`)].join("  "));
}

/** @param {number} nothing time of an empty program */
function row(/** @type {string} */ title, /** @type {Taken} */ { now, compose, before }, nothing) {
  const beyond = now.whole - (now.work ?? 0);
  const ratio = beyond / nothing;
  const figures = [now.whole, now.work ?? 0, beyond, ratio, compose.whole, ...(before ? [before.whole] : [])];
  const texts = figures.map((one) => one.toFixed(2));
  if (ratio > GOAL) texts[3] += " (**over**)";
  return [title, ...texts];
}

try {
  for (const contestant of Object.values(contestants)) await contestant.prepare?.();
  for (const quantity of quantities) {
    await measure(`0 → ${quantity}`, quantity);
    await measure(`${quantity} → ${quantity + 1}`, quantity + 1);
    await measure(`${quantity + 1} → ${quantity + 1}, nothing to do`, quantity + 1);
    for (const one of Object.values(contestants))
      if (one !== contestants.empty) await one.perform({ op: "scale", to: 0 });
  }
  // An empty program costs the same at every step, so its median depends least on other load on the machine.
  const nothing = median(steps.map(([, { empty }]) => empty.whole));
  const head = [
    "worker",
    "formation scale",
    "engine work",
    "beyond it",
    `of ${nothing.toFixed(2)} (≤ ${GOAL})`,
    "docker compose",
    ...(values.before === undefined ? [] : [`the command at ${values.before}`]),
  ];
  const rows = steps.map(([title, taken]) => row(title, taken, nothing));
  const table = [head, head.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
  const empty = `\`pulumi up\` of an empty program ${nothing.toFixed(2)} s, median of ${steps.length}`;
  const text = `${await machine(compose)}; one run, in seconds; ${empty}\n\n${table}`;
  console.log(text);
  if (values.write !== undefined) writeSection(values.write, "scale", text);
} finally {
  await end();
  rmSync(folder, { recursive: true, force: true });
}
