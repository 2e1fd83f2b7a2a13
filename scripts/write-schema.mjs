// Makes what is published about inputs and outputs from the zod shapes in provider/core: `npm run schema`.
//   node scripts/write-schema.mjs            writes schema.json, sdk/args.ts, sdk/outputs.ts and docs/reference.md
//   node scripts/write-schema.mjs --check    fails when one of them differs from the one that is checked in
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { format, resolveConfig } from "prettier";
import { z } from "zod";
import { allowedIn } from "./generate/allowed.mjs";
import { markSecret, reader } from "./generate/model.mjs";
import { schemaObject, schemaTypes } from "./generate/package-schema.mjs";
import { referenceText } from "./generate/reference.mjs";
import { argsText, outputsText } from "./generate/typescript.mjs";
import { root } from "./setup/paths.mjs";

/** @typedef {import("./generate/model.mjs").ObjectType} ObjectType */

const load = createRequire(import.meta.url);

/** @param {string} name @returns {Record<string, any>} the exports of provider/core/<name>.ts */
function shapes(name) {
  const path = join(root, "dist", "provider", "core", `${name}.js`);
  if (!existsSync(path)) throw new Error("dist/ is missing: run npm run build first");
  return load(path);
}

/** Inputs that the SDK turns into others, so that the provider has none of them. */
const inputsOfTheSdk = z.object({
  procfilePath: z
    .string()
    .optional()
    .describe("Path of a Procfile, from the program's folder, such as `../Procfile`; read when the program runs."),
  appJsonPath: z
    .string()
    .optional()
    .describe("Path of an app.json, from the program's folder, such as `../app.json`; read when the program runs."),
});

/** @returns {Record<string, string>} the text of every file that is made */
function files() {
  const { inputs } = shapes("inputs/inputs");
  const { outputs } = shapes("record/outputs");
  const { faultsOf } = shapes("inputs/shape");
  const { SECRET_INPUTS } = shapes("record/secrets");
  const given = z.toJSONSchema(inputs, { unrepresentable: "any", io: "input" });
  for (const path of SECRET_INPUTS) markSecret(given, path.split("."));
  const read = reader();
  const declared = read(given, "Formation");
  const seen = read(z.toJSONSchema(outputs, { unrepresentable: "any", io: "output" }), "FormationOutputs");
  const plain = read(z.toJSONSchema(inputsOfTheSdk), "Formation").properties;
  const args = {
    name: declared.name,
    properties: [...declared.properties, ...plain.map((property) => ({ ...property, isPlain: true }))],
  };
  return {
    "schema.json": JSON.stringify(sorted(packageSchema(declared, seen)), null, 2),
    "sdk/args.ts": argsText(args, "Arguments that a Formation is declared with. Values may be outputs, at any depth."),
    "sdk/outputs.ts": outputsText(seen, "Outputs of a Formation, besides its inputs."),
    "docs/reference.md": referenceText(args, seen, allowedIn(inputs, faultsOf)),
  };
}

/** @param {ObjectType} inputs @param {ObjectType} outputs */
function packageSchema(inputs, outputs) {
  const { version, description, keywords, license } = load("../package.json");
  const given = schemaObject(inputs);
  const seen = schemaObject(outputs);
  return {
    name: "formation",
    displayName: "Formation",
    version,
    description,
    keywords,
    license,
    types: schemaTypes([inputs, outputs]),
    resources: {
      "formation:index:Formation": {
        description: "The processes that an app runs, by type, on container hosts.",
        inputProperties: given.properties,
        requiredInputs: given.required,
        properties: seen.properties,
        required: seen.required,
      },
    },
  };
}

/** Sorts the keys of every object in a value. @param {unknown} value @returns {unknown} */
function sorted(value) {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, inner]) => [key, sorted(inner)]));
}

/** @param {string} name @param {string} text */
async function formatted(name, text) {
  const file = join(root, name);
  // It is the same for every version of Prettier.
  return name.endsWith(".json") ? `${text}\n` : format(text, { ...(await resolveConfig(file)), filepath: file });
}

try {
  const stale = [];
  for (const [name, text] of Object.entries(files())) {
    const file = join(root, name);
    const wanted = await formatted(name, text);
    if (existsSync(file) && readFileSync(file, "utf8") === wanted) continue;
    stale.push(name);
    if (!process.argv.includes("--check")) writeFileSync(file, wanted);
  }
  if (process.argv.includes("--check") && stale.length > 0) {
    const are = stale.length === 1 ? "is" : "are";
    throw new Error(`${stale.join(", ")} ${are} not what provider/core says: run npm run schema and commit the result`);
  }
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
