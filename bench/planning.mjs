// Measures the cost of plans, without any engine: `npm run bench:planning`.
import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { availableParallelism, cpus, loadavg } from "node:os";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { ensureBuild } from "../scripts/setup/build.mjs";
import { ensureDependencies } from "../scripts/setup/dependencies.mjs";

const SIZES = [
  [1_000, 20],
  [3_000, 60],
  [10_000, 200],
  [30_000, 200],
];
const HEAD = ["what happens", "processes", "hosts", "changes", "time (ms)", "CPU (ms)", "growth", "memory (MB)"];
const measure = fileURLToPath(new URL("./planning/measure.mjs", import.meta.url));

const { values } = parseArgs({ options: { repeats: { type: "string", default: "3" }, write: { type: "string" } } });
await ensureDependencies();
await ensureBuild();
const { scenarios } = await import("./planning/worlds.mjs");
const { ratioToNLogN, table } = await import("./planning/table.mjs");

const rows = [];
for (const scenario of Object.keys(scenarios)) {
  let least;
  for (const [processes, hosts] of SIZES) {
    process.stderr.write(`${scenario}: ${processes} on ${hosts} …\n`);
    const figures = take(scenario, processes, hosts);
    least ??= { processes, cpu: figures.cpu };
    const growth = ratioToNLogN(least, { processes, cpu: figures.cpu });
    const counts = [processes, hosts, figures.changes].map(String);
    const costs = [figures.time.toFixed(), figures.cpu.toFixed(), growth.toFixed(2), figures.memory.toFixed()];
    rows.push([scenario, ...counts, ...costs]);
  }
}
const model = cpus()[0]?.model ?? "unknown";
const machine = `${availableParallelism()} cores (${model}), Node.js ${process.versions.node}`;
const text = `${machine}; load average ${loadavg()[0]?.toFixed(1)} at the end\n\n${table([HEAD, ...rows])}\n`;
console.log(text);
if (values.write !== undefined) writeFileSync(values.write, document(text));

/** Takes the least figures of some runs, each in a process of its own. */
function take(scenario, processes, hosts) {
  const words = ["--expose-gc", measure, scenario, String(processes), String(hosts)];
  const runs = Array.from({ length: Number(values.repeats) });
  const samples = runs.map(() => JSON.parse(execFileSync(process.execPath, words, { encoding: "utf8" })));
  const least = (key) => Math.min(...samples.map((sample) => sample[key]));
  return { ...samples[0], time: least("time"), cpu: least("cpu"), memory: least("memory") };
}

function document(text) {
  return `# The cost of planning

One run of \`npm run bench:planning\`, as it printed it. Planning contacts no host: these figures are what a preview costs on top of observing the hosts. Every formation has five types with reservations and connection budgets, and a clock; [bench/planning/worlds.mjs](../bench/planning/worlds.mjs) creates them. Each figure is of a first plan in a process of its own, the best of ${values.repeats}. *CPU* is the time of all threads, including garbage collection; on a busy machine it is more reliable than *time*. *Growth* compares CPU with n log n growth from the scenario's first line: 1 or less means no faster than that. *Memory* is the growth of the process.

${text}`;
}
