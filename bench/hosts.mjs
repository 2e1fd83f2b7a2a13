// Scales 0 → 90 over three Docker hosts, beside the same three engines driven straight through their APIs:
//   node bench/hosts.mjs [repeats]
// Needs root on Linux and `npm run build`: it makes three engines in network namespaces of their own, and removes them.
import { createRequire } from "node:module";
import { median } from "./median.mjs";

const load = createRequire(import.meta.url);
load("./load-typescript.cjs");
const { startRig } = load("../test/support/rig/index.ts");
const { Provider } = load("../test/support/provider.ts");
const { Floor } = load("./contestants/floor.ts");
const { seconds } = load("./contestants/contestant.ts");
const { command } = load("./settings.ts");

const QUANTITY = 90;
const GOAL = 1.15;
/** Containers at a time on each engine; the fastest of these is the floor. */
const AT_ONCE = [2, 4, 8, 16];
const repeats = Number(process.argv[2] ?? 3);

const rig = await startRig({ engines: 3 });
const provider = new Provider("bench");
/** @type {string[]} */
const sockets = rig.engines.map((/** @type {{ socket: string }} */ { socket }) => socket);

const inputs = (/** @type {number} */ quantity) => ({
  app: "bench",
  image: rig.image,
  update: { monitor: 0 },
  scale: { worker: quantity },
  hosts: sockets.map((socket, at) => ({ name: `host${at + 1}`, host: `unix://${socket}` })),
  processes: { worker: { command, stopTimeout: 0 } },
});
/** @param {number} atOnce */
const floors = (atOnce) => sockets.map((socket) => new Floor("hosts", rig.image, atOnce, socket));
const share = { op: "scale", to: QUANTITY / sockets.length };

/** @type {[string, () => Promise<unknown>][]} */
const contestants = [
  ...AT_ONCE.map(
    (atOnce) =>
      /** @type {[string, () => Promise<unknown>]} */ ([
        `engines, ${atOnce} at once on each`,
        () => Promise.all(floors(atOnce).map((floor) => floor.perform(share))),
      ]),
  ),
  ["formation, until it returns", () => provider.up(inputs(QUANTITY))],
];

async function none() {
  await provider.up(inputs(0));
  await Promise.all(floors(8).map((floor) => floor.cleanUp()));
}

try {
  /** @type {number[][]} */
  const figures = contestants.map(() => []);
  for (let repeat = 0; repeat < repeats; repeat++) {
    for (const [at, [name, work]] of contestants.entries()) {
      await none();
      const took = await seconds(work);
      figures[at]?.push(took);
      console.log(`${name}: ${took.toFixed(1)} s`);
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
