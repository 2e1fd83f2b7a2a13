// Makes dist/provider/index.js one file, zod within it. Pulumi loads the provider anew for a preview and twice for an
// update: one file takes less than half the time of two hundred.
import { build } from "esbuild";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { root } from "./setup/paths.mjs";

const zod = dirname(createRequire(import.meta.url).resolve("zod/package.json"));

await build({
  entryPoints: [join(root, "provider/index.ts")],
  outfile: join(root, "dist/provider/index.js"),
  allowOverwrite: true,
  bundle: true,
  platform: "node",
  target: "node20",
  format: "cjs",
  // Pulumi's own are those of the process that loads us; the others are loaded by those who need them.
  external: ["@pulumi/*", "@grpc/*", "ajv", "dockerode"],
  supported: { "dynamic-import": false },
  // Less to read for the engine that runs it; names stay, for stack traces.
  minifyWhitespace: true,
  minifySyntax: true,
  banner: { js: `/*! zod\n${readFileSync(join(zod, "LICENSE"), "utf8")}*/` },
  logLevel: "warning",
});
