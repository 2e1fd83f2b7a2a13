// Brings the example app from nothing to running: `node scripts/demo.mjs`; and back: `node scripts/demo.mjs down`.
// `node scripts/demo.mjs formation …` runs the formation command on it.
import { existsSync } from "node:fs";
import { buildImage, image, removeImage } from "./demo/image.mjs";
import { processes, report } from "./demo/report.mjs";
import * as stack from "./demo/stack.mjs";
import { ensureBuild } from "./setup/build.mjs";
import { ensureDependencies } from "./setup/dependencies.mjs";
import { ensureDocker } from "./setup/docker.mjs";
import { ping } from "./setup/engine.mjs";
import { ensurePulumi } from "./setup/pulumi.mjs";
import { say } from "./setup/run.mjs";

async function setUp() {
  await ensureDependencies();
  await ensureBuild();
  await ensureDocker();
  await ensurePulumi();
}

async function up() {
  await setUp();
  await buildImage();
  await stack.create();
  await stack.up();
  await report();
}

async function down() {
  if (stack.exists()) await setUp();
  const had = existsSync(stack.folder);
  await stack.remove();
  if (!(await ping())) {
    say(`no Docker engine answers, so there is no image ${image} to remove`);
    return;
  }
  const left = await processes();
  if (left.length > 0) {
    const names = left.map(({ container }) => container).join(", ");
    throw new Error(
      `containers of the app are left, and with them the image ${image}: ${names}. Another stack owns them, or one whose state was lost: \`npm run demo\` says which`,
    );
  }
  const removed = await removeImage();
  say(had || removed ? "the demo is gone" : "there is no demo to remove");
}

async function formation() {
  if (!stack.exists()) throw new Error("the demo is not up: npm run demo");
  process.exitCode = await stack.formation(...args);
}

const commands = new Map([
  ["up", up],
  ["down", down],
  ["formation", formation],
]);
const [name = "up", ...args] = process.argv.slice(2);
try {
  const command = commands.get(name);
  if (!command) throw new Error(`there is no command ${name}; the commands are ${[...commands.keys()].join(", ")}`);
  await command();
} catch (error) {
  say(`demo: ${error instanceof Error ? error.message : error}`);
  process.exit(1);
}
