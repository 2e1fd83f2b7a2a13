// Measures this provider beside the Engine API itself and docker compose: `npm run bench`. See README.md here.
import { createRequire } from "node:module";
import { parseArgs } from "node:util";
import { ensureBaseImage } from "../scripts/setup/base-image.mjs";
import { ensureBuild } from "../scripts/setup/build.mjs";
import { ensureDependencies } from "../scripts/setup/dependencies.mjs";
import { ensureDocker } from "../scripts/setup/docker.mjs";
import { ensurePulumi } from "../scripts/setup/pulumi.mjs";
import { say } from "../scripts/setup/run.mjs";
import { ensureCompose } from "./compose.mjs";

const usage = `npm run bench -- [--repeats 3] [--only scale-50] [--write docs/benchmarks.md]
  --repeats  how often each figure is taken
  --only     a scenario, or several by how their names begin (scale); may be given several times
  --write    also writes the report to this file`;

function options() {
  const { values } = parseArgs({
    options: {
      repeats: { type: "string", default: "3" },
      only: { type: "string", multiple: true, default: [] },
      write: { type: "string" },
    },
  });
  const repeats = Number(values.repeats);
  if (!Number.isInteger(repeats) || repeats < 1)
    throw new Error(`--repeats is ${values.repeats}: give a whole number, 1 or more`);
  return { ...values, repeats };
}

try {
  const given = options();
  await ensureDependencies();
  await ensureBuild();
  await ensureDocker();
  await ensurePulumi();
  const image = await ensureBaseImage();
  const compose = await ensureCompose();
  const load = createRequire(import.meta.url);
  load("./load-typescript.cjs");
  await load("./main.ts").main({ ...given, image, compose, say });
} catch (error) {
  say(`bench: ${error instanceof Error ? error.message : error}\n\n${usage}`);
  process.exit(1);
}
