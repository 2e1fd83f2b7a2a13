// Takes one figure in a process of its own: node --expose-gc measure.mjs "a release of all" 10000 200
import { performance } from "node:perf_hooks";
import { prepare } from "./worlds.mjs";

const [scenario, processes, hosts] = process.argv.slice(2);
const work = prepare(scenario, Number(processes), Number(hosts));
globalThis.gc();
const before = process.memoryUsage().rss;
const [begin, cpu] = [performance.now(), process.cpuUsage()];
// Planned only once, because a preview also plans with code that has not been compiled yet.
const changes = work();
const time = performance.now() - begin;
const { user, system } = process.cpuUsage(cpu);
const peak = process.resourceUsage().maxRSS * 1024;
const figures = { time, cpu: (user + system) / 1000, changes, memory: Math.max(0, peak - before) / 2 ** 20 };
process.stdout.write(JSON.stringify({ ...figures, whole: peak / 2 ** 20 }));
