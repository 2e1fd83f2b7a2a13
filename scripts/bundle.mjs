// Makes dist/provider/index.js one file, zod included. Pulumi loads the provider anew for a preview and twice for an
// update: one file takes less than half the time of two hundred.
import { build } from "esbuild";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { root } from "./setup/paths.mjs";

const zod = dirname(createRequire(import.meta.url).resolve("zod/package.json"));

/** @param {string} source @param {string} target */
const bundle = (source, target) =>
  build({
    entryPoints: [join(root, source)],
    outfile: join(root, target),
    allowOverwrite: true,
    bundle: true,
    platform: "node",
    target: "node20",
    format: "cjs",
    // Pulumi's packages come from the process that loads us; the other packages are loaded only when needed.
    external: ["@pulumi/*", "@grpc/*", "ajv"],
    supported: { "dynamic-import": false },
    // Removes spaces that Node.js would have to read; names stay, for stack traces.
    minifyWhitespace: true,
    minifySyntax: true,
    banner: { js: `/*! zod\n${readFileSync(join(zod, "LICENSE"), "utf8")}*/` },
    logLevel: "warning",
  });

await bundle("provider/index.ts", "dist/provider/index.js");
// The command's runtime takes the place of a program's, and holds the provider, too.
await bundle("cli/runtime/main.ts", "dist/cli/runtime/main.js");
