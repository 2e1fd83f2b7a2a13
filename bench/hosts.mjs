// Scale 0 → 90 over three Docker hosts, beside the same three engines driven straight through their APIs:
//   node bench/hosts.mjs [repeats]
// Needs root on Linux and `npm run build`: it makes three engines in network namespaces of their own, and removes them.
import { createRequire } from "node:module";
import { median } from "./median.mjs";

const load = createRequire(import.meta.url);
load("./load-typescript.cjs");
const { startRig } = load("../test/support/rig/index.ts");
const { Provider } = load("../test/support/provider.ts");
const { call, forEach, removeLabelled } = load("./engine-api.ts");
const { command, createBody } = load("./settings.ts");

const QUANTITY = 90;
const GOAL = 1.15;
const LABEL = "bench.floor=hosts";
/** Containers at a time on each engine: the floor is what is fastest. */
const AT_ONCE = [2, 4, 8, 16];
const repeats = Number(process.argv[2] ?? 3);

/** @param {() => Promise<unknown>} work @returns {Promise<number>} seconds */
async function timed(work) {
  const began = performance.now();
  await work();
  return (performance.now() - began) / 1000;
}

const rig = await startRig({ engines: 3 });
const provider = new Provider("bench");
/** @type {string[]} */
const sockets = rig.engines.map((/** @type {{ socket: string }} */ { socket }) => socket);

/** @param {string} socket @param {number} index */
async function createAndStart(socket, index) {
  const body = createBody(rig.image, index, 1, { "bench.floor": "hosts" });
  const { Id } = JSON.parse(await call("POST", "/containers/create", body, socket));
  await call("POST", `/containers/${Id}/start`, undefined, socket);
}

const inputs = (/** @type {number} */ quantity) => ({
  ...{ app: "bench", image: rig.image, update: { monitor: 0 }, scale: { worker: quantity } },
  hosts: sockets.map((socket, at) => ({ name: `host${at + 1}`, host: `unix://${socket}` })),
  processes: { worker: { command, stopTimeout: 0 } },
});
const slots = Array.from({ length: QUANTITY / sockets.length }, (_, at) => at + 1);

/** @type {[string, () => Promise<unknown>][]} */
const contestants = [
  ...AT_ONCE.map(
    (atOnce) =>
      /** @type {[string, () => Promise<unknown>]} */ ([
        `engines, ${atOnce} at once on each`,
        () => Promise.all(sockets.map((socket) => forEach(slots, atOnce, (index) => createAndStart(socket, index)))),
      ]),
  ),
  ["formation, until it returns", () => provider.up(inputs(QUANTITY))],
];

async function none() {
  await provider.up(inputs(0));
  await Promise.all(sockets.map((socket) => removeLabelled(LABEL, socket)));
}

try {
  /** @type {number[][]} */
  const figures = contestants.map(() => []);
  for (let repeat = 0; repeat < repeats; repeat++) {
    for (const [at, [name, work]] of contestants.entries()) {
      await none();
      const seconds = await timed(work);
      figures[at]?.push(seconds);
      console.log(`${name}: ${seconds.toFixed(1)} s`);
    }
  }
  const running = await Promise.all(
    rig.engines.map((/** @type {{ docker: import("dockerode") }} */ { docker }) => docker.listContainers()),
  );
  const medians = figures.map(median);
  const floor = Math.min(...medians.slice(0, -1));
  const ours = medians.at(-1) ?? 0;
  console.log(`
0 → ${QUANTITY} over ${sockets.length} hosts (${running.map((one) => one.length).join("/")}), median of ${repeats}
the engines at their best    ${floor.toFixed(1).padStart(6)} s
formation, until it returns  ${ours.toFixed(1).padStart(6)} s   ${(ours / floor).toFixed(2)} (goal ≤ ${GOAL})`);
  await provider.destroy();
} finally {
  await provider.kill();
  await rig.stop();
}
