// One figure, in a process of its own: node measure.mjs "a release of all" 10000 200
import { performance } from "node:perf_hooks";
import { prepare } from "./worlds.mjs";

const [scenario, processes, hosts] = process.argv.slice(2);
const work = prepare(scenario, Number(processes), Number(hosts));
const times = [];
let changes = 0;
// The first one, which compiles the code on the way, is what a preview has.
for (let run = 0; run < 3; run++) {
  const begin = performance.now();
  changes = work();
  times.push(performance.now() - begin);
}
const memory = process.resourceUsage().maxRSS / 1024;
process.stdout.write(JSON.stringify({ first: times[0], best: Math.min(...times), changes, memory }));
