// Scales 0 → 90 over the three nodes of a Swarm, beside `docker service scale` on the same Swarm:
//   node bench/swarm.mjs [repeats]
// Needs root on Linux and `npm run build`: it makes three engines in network namespaces of their own, and removes them.
import { execFile } from "node:child_process";
import { createRequire } from "node:module";
import { setTimeout as delay } from "node:timers/promises";
import { promisify } from "node:util";
import { median } from "./median.mjs";

const load = createRequire(import.meta.url);
load("./load-typescript.cjs");
const { startRig } = load("../test/support/rig/index.ts");
const { formSwarm } = load("../test/support/rig/swarm.ts");
const { Provider } = load("../test/support/provider.ts");
const { seconds } = load("./contestants/contestant.ts");

const QUANTITY = 90;
const GOAL = 1.1;
const repeats = Number(process.argv[2] ?? 3);
const app = "bench";
const service = `${app}_worker`;

const rig = await startRig({ engines: 3 });
const provider = new Provider(app);
try {
  await formSwarm(rig);
  const [first] = rig.engines;
  const inputs = (/** @type {number} */ quantity) => ({
    app,
    image: rig.image,
    orchestrator: "swarm",
    hosts: [{ host: first.address }],
    processes: { worker: { command: ["sleep", "100000"] } },
    scale: { worker: quantity },
  });
  const running = async () =>
    (await first.docker.listTasks({ filters: { "desired-state": ["running"] } })).filter(
      (/** @type {{ Status: { State: string } }} */ task) => task.Status.State === "running",
    ).length;
  const until = async (/** @type {number} */ quantity) => {
    while ((await running()) !== quantity) await delay(100);
  };
  const none = async () => {
    await provider.up(inputs(0));
    await until(0);
    await delay(3000);
  };
  const scale = (/** @type {string[]} */ ...flags) =>
    promisify(execFile)("docker", ["-H", first.address, "service", "scale", ...flags, `${service}=${QUANTITY}`]);
  /** @type {Record<string, () => Promise<unknown>>} */
  const contestants = {
    "docker service scale, until 90 run": async () => {
      await scale("--detach");
      await until(QUANTITY);
    },
    "docker service scale, until it returns": () => scale(),
    "formation, until it returns": () => provider.up(inputs(QUANTITY)),
  };
  await provider.up(inputs(1));
  /** @type {Record<string, number[]>} */
  const figures = Object.fromEntries(Object.keys(contestants).map((name) => [name, []]));
  for (let repeat = 0; repeat < repeats; repeat++) {
    for (const [name, work] of Object.entries(contestants)) {
      await none();
      const took = await seconds(work);
      figures[name]?.push(took);
      console.log(`${name}: ${took.toFixed(1)} s`);
    }
  }
  const [floor = 0, command = 0, ours = 0] = Object.values(figures).map(median);
  const spread = await first.docker.listNodes().then((nodes) => nodes.length);
  console.log(`
0 → ${QUANTITY} over ${spread} nodes, median of ${repeats}    seconds  ratio
docker service scale, until 90 run      ${floor.toFixed(1).padStart(7)}
docker service scale, until it returns  ${command.toFixed(1).padStart(7)}   1.00
formation, until it returns             ${ours.toFixed(1).padStart(7)}   ${(ours / command).toFixed(2)} (goal ≤ ${GOAL})`);
  await provider.destroy();
} finally {
  await provider.kill();
  await rig.stop();
}
