// Measures `formation ps` on 100 processes beside `docker ps` and `docker inspect` of the same, and a scrape of
// `formation metrics`: `node bench/ps.mjs`.
import { execFileSync, spawn, spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ensureBaseImage } from "../scripts/setup/base-image.mjs";
import { ensureBuild } from "../scripts/setup/build.mjs";
import { ensureDependencies } from "../scripts/setup/dependencies.mjs";
import { ensureDocker } from "../scripts/setup/docker.mjs";
import { root } from "../scripts/setup/paths.mjs";
import { say } from "../scripts/setup/run.mjs";
import { median } from "./median.mjs";

const PROCESSES = 100;
const RUNS = 15;
/** Goals: the ratio to the docker commands, and the time of a scrape. */
const AT_MOST = 1.5;
const SCRAPE_AT_MOST_MS = 500;

const app = `ps-${randomBytes(4).toString("hex")}`;
const folder = mkdtempSync(join(tmpdir(), "formation-bench-"));
const env = { ...process.env, PULUMI_BACKEND_URL: `file://${folder}`, PULUMI_STACK: "dev" };
const labels = { app, owner: "bench/dev", type: "web", singleton: "false", image: "x", configuration: "x" };

function docker(...args) {
  return execFileSync("docker", args, { encoding: "utf8", maxBuffer: 1e8 });
}

/**
 * Starts containers with the provider's labels and writes a state as Pulumi does; a real update would take a minute.
 */
function prepare(image) {
  const flags = Object.entries(labels).flatMap(([name, value]) => ["--label", `formation.${name}=${value}`]);
  const start = (index) =>
    docker(
      "run",
      "-d",
      "--network",
      "none",
      "--name",
      `${app}.web.${index}`,
      ...flags,
      "--label",
      `formation.index=${index}`,
      image,
      "sleep",
      "100000",
    );
  const ids = Array.from({ length: PROCESSES }, (_, at) => start(at + 1).trim());
  const formation = { web: PROCESSES };
  const resource = {
    urn: `urn:pulumi:dev::bench::pulumi-nodejs:dynamic/formation:Formation::${app}`,
    type: "pulumi-nodejs:dynamic/formation:Formation",
    inputs: { image, procfile: "web: sleep 100000\n", formation },
    outputs: {
      formation,
      instances: ids.map((container, at) => ({
        name: `web.${at + 1}`,
        type: "web",
        index: at + 1,
        host: "local",
        container,
        state: "running",
        since: "",
        release: "",
      })),
    },
  };
  mkdirSync(join(folder, ".pulumi/stacks/bench"), { recursive: true });
  const state = { version: 3, checkpoint: { latest: { resources: [resource] } } };
  writeFileSync(join(folder, ".pulumi/stacks/bench/dev.json"), JSON.stringify(state));
  writeFileSync(join(folder, "Pulumi.yaml"), "name: bench\nruntime: nodejs\n");
  return ids;
}

/** Milliseconds that commands take, one after the other. */
function timed(...commands) {
  const began = performance.now();
  for (const [command, ...args] of commands) {
    const { status, stderr } = spawnSync(command, args, { cwd: folder, env, maxBuffer: 1e8, encoding: "utf8" });
    if (status !== 0) throw new Error(`${command} ${args[0]} failed: ${stderr}`);
  }
  return performance.now() - began;
}

/** Milliseconds of each scrape, including the first one. */
async function scrapes() {
  const exporter = spawn(process.execPath, [join(root, "dist/cli/main.js"), "metrics", "--listen", "0"], {
    cwd: folder,
    env,
    stdio: ["ignore", "ignore", "pipe"],
  });
  try {
    let said = "";
    for await (const chunk of exporter.stderr) if ((said += chunk).includes("/metrics")) break;
    const [url = ""] = /http:\S+/.exec(said) ?? [];
    const times = [];
    for (let round = 0; round < RUNS; round++) {
      const began = performance.now();
      const text = await (await fetch(url)).text();
      times.push(performance.now() - began);
      const seen = text.match(/^formation_process_restarts_total/gm)?.length;
      if (seen !== PROCESSES) throw new Error(`a scrape has ${seen} processes: ${text}`);
      await new Promise((resolve) => setTimeout(resolve, 1000));
    }
    return times;
  } finally {
    exporter.kill();
  }
}

await ensureDependencies();
await ensureBuild();
await ensureDocker();
try {
  const ids = prepare(await ensureBaseImage());
  const ours = [process.execPath, join(root, "dist/cli/main.js"), "ps"];
  const theirs = [
    ["docker", "ps", "--filter", `label=formation.app=${app}`],
    ["docker", "inspect", ...ids],
  ];
  const rounds = Array.from({ length: RUNS }, () => [timed(ours), timed(...theirs)]);
  const [own, other] = [0, 1].map((which) => median(rounds.map((round) => round[which])));
  // Each pair was measured side by side, so that other load on the machine weighs on both alike.
  const ratio = median(rounds.map(([one, two]) => one / two));
  say(`formation ps ${own.toFixed(0)} ms, docker ps + docker inspect ${other.toFixed(0)} ms, ${PROCESSES} processes`);
  say(`ratio ${ratio.toFixed(2)}, at most ${AT_MOST} (median of ${RUNS})`);
  const times = await scrapes();
  const [usual, worst] = [median(times), Math.max(...times)];
  say(`scrape ${usual.toFixed(0)} ms, at worst ${worst.toFixed(0)} ms, at most ${SCRAPE_AT_MOST_MS} (${RUNS} scrapes)`);
  process.exitCode = ratio <= AT_MOST && usual <= SCRAPE_AT_MOST_MS ? 0 : 1;
} finally {
  const left = docker("ps", "-aq", "--filter", `label=formation.app=${app}`).split("\n").filter(Boolean);
  if (left.length > 0) docker("rm", "-f", ...left);
  rmSync(folder, { recursive: true, force: true });
}
