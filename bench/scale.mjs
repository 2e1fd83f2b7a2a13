// Measures `formation scale worker+1` on 100 processes beside what `pulumi up` takes for the same change:
// `node bench/scale.mjs [repeats]`.
import { createRequire } from "node:module";
import { ensureBaseImage } from "../scripts/setup/base-image.mjs";
import { ensureBuild } from "../scripts/setup/build.mjs";
import { ensureDependencies } from "../scripts/setup/dependencies.mjs";
import { ensureDocker } from "../scripts/setup/docker.mjs";
import { ensurePulumi } from "../scripts/setup/pulumi.mjs";
import { say } from "../scripts/setup/run.mjs";
import { median } from "./median.mjs";

const PROCESSES = 100;
/** Seconds more than `pulumi up`. */
const GOAL = 0.5;
const repeats = Number(process.argv[2] ?? 5);

await ensureDependencies();
await ensureBuild();
await ensureDocker();
await ensurePulumi();
const load = createRequire(import.meta.url);
load("./load-typescript.cjs");
const { Stack } = load("../test/support/stack.ts");
const { formation } = load("../test/support/formation-command.ts");
const { removeLabelled } = load("./engine-api.ts");

const image = await ensureBaseImage();
const app = `scale-${process.pid}`;
const stack = new Stack("bench");

/** @param {() => Promise<{ code: number | null }>} work @returns {Promise<number>} seconds */
async function timed(work) {
  const began = performance.now();
  const outcome = await work();
  if (outcome.code !== 0) throw new Error(JSON.stringify(outcome));
  return (performance.now() - began) / 1000;
}

/** @param {number} quantity */
const configure = (quantity) =>
  stack.pulumi("config", "set", "formation:scale", JSON.stringify({ [app]: { worker: quantity } }));
const up = () => stack.pulumi("up", "--yes", "--skip-preview");

try {
  const processes = JSON.stringify({ worker: { command: ["sleep", "100000"], max: 1000 } });
  stack.program(app, `{ image: "${image}", processes: ${processes}, update: { monitor: 0 } }`);
  await timed(() => stack.pulumi("stack", "init", "dev"));
  await timed(() => configure(PROCESSES));
  await timed(up);
  /** @type {[number, number][]} */
  const rounds = [];
  for (let round = 0; round < repeats; round++) {
    const ours = await timed(() => formation(stack, "scale", "worker+1"));
    await timed(() => configure(PROCESSES + 2 * round + 2));
    const pulumi = await timed(up);
    rounds.push([ours, pulumi]);
    say(`formation scale worker+1 ${ours.toFixed(2)} s, pulumi up ${pulumi.toFixed(2)} s`);
  }
  // Side by side, so that what else the machine does weighs on both alike.
  const more = median(rounds.map(([ours, pulumi]) => ours - pulumi));
  say(`${more.toFixed(2)} s more than pulumi up, median of ${repeats} (goal: at most ${GOAL})`);
} finally {
  await removeLabelled(`formation.app=${app}`);
  stack.delete();
}
