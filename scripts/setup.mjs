// Makes a fresh machine ready for `npm test` and `npm run demo`; does nothing, quickly, on one that is.
//   node scripts/setup.mjs                  every step
//   node scripts/setup.mjs docker pulumi    these steps
//   node scripts/setup.mjs base-image       prints the image's reference on stdout
//   node scripts/setup.mjs test-hosts       programs for tests with several hosts; only when named,
//                          as test-registry, test-balancer, test-monitoring, test-browser,
//                          test-shells, test-podman and test-engine29
import { ensureBaseImage } from "./setup/base-image.mjs";
import { ensureBuild } from "./setup/build.mjs";
import { ensureDependencies } from "./setup/dependencies.mjs";
import { ensureDocker } from "./setup/docker.mjs";
import { ensurePulumi } from "./setup/pulumi.mjs";
import { say } from "./setup/run.mjs";
import { testPrograms } from "./setup/test-programs.mjs";

/** Steps in the order in which they build on each other. */
const steps = new Map(
  Object.entries({
    dependencies: ensureDependencies,
    build: ensureBuild,
    docker: ensureDocker,
    pulumi: ensurePulumi,
    "base-image": async () => console.log(await ensureBaseImage()),
  }),
);

const named = process.argv.slice(2);
const unknown = named.filter((name) => !steps.has(name) && !testPrograms.has(name));
if (unknown.length > 0) {
  say(
    `setup: there is no step ${unknown.join(", ")}; the steps are ${[...steps.keys(), ...testPrograms.keys()].join(", ")}`,
  );
  process.exit(2);
}
try {
  for (const [name, step] of steps) if (named.length === 0 || named.includes(name)) await step();
  for (const [name, step] of testPrograms) if (named.includes(name)) await step();
} catch (error) {
  say(`setup: ${error instanceof Error ? error.message : error}`);
  process.exit(1);
}
