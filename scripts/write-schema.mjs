// Makes schema.json, the published contract, from the zod shapes in provider/core: `npm run schema`.
//   node scripts/write-schema.mjs            writes it
//   node scripts/write-schema.mjs --check    fails when the schema that is checked in differs
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { z } from "zod";

const root = fileURLToPath(new URL("..", import.meta.url));
const file = join(root, "schema.json");
const load = createRequire(import.meta.url);
/** Names of types that do not follow from the property's own name. */
const typeNames = new Map([["processes", "ProcessType"]]);

/** @typedef {Record<string, any>} Node a piece of JSON Schema, or of a Pulumi package schema */

function packageSchema() {
  const { version, description, keywords, license } = load("../package.json");
  const { inputs } = shapes("inputs/inputs");
  const { outputs } = shapes("record/outputs");
  /** @type {{ SECRET_INPUTS: readonly string[] }} */
  const { SECRET_INPUTS } = shapes("record/secrets");
  /** @type {Node} */
  const types = {};
  const shape = z.toJSONSchema(inputs, { unrepresentable: "any", io: "input" });
  for (const path of SECRET_INPUTS) at(shape, path.split(".")).secret = true;
  const given = objectOf(shape, types);
  const seen = outputs && objectOf(z.toJSONSchema(outputs, { unrepresentable: "any", io: "output" }), types);
  return {
    name: "formation",
    displayName: "Formation",
    version,
    description,
    keywords,
    license,
    types,
    resources: {
      "formation:index:Formation": {
        description: "The processes that an app runs, by type, on container hosts.",
        inputProperties: given.properties,
        requiredInputs: given.required,
        properties: seen?.properties ?? {},
        required: seen?.required ?? [],
      },
    },
  };
}

/**
 * Finds the shape of an input. In a path, `*` is any item of a list, or any entry of an object.
 *
 * @param {Node} schema
 * @param {readonly string[]} path
 * @returns {Node}
 */
function at(schema, path) {
  const [step, ...rest] = path;
  if (step === undefined) return schema;
  const parts = alternatives(schema) ?? [schema];
  const inner = parts
    .map((one) => (step === "*" ? (one.items ?? one.additionalProperties) : one.properties?.[step]))
    .find(Boolean);
  if (!inner) throw new Error(`${path.join(".")} is secret, but no input`);
  return at(inner, rest);
}

/** @param {string} name @returns {Node} the exports of provider/core/<name>.ts */
function shapes(name) {
  const path = join(root, "dist", "provider", "core", `${name}.js`);
  if (name === "inputs/inputs" && !existsSync(path)) throw new Error("dist/ is missing: run npm run build first");
  return existsSync(path) ? load(path) : {};
}

/** @param {Node} schema @param {Node} types to which nested objects are added @returns {Node} */
function objectOf(schema, types) {
  const properties = Object.fromEntries(
    Object.entries(schema.properties ?? {}).map(([name, child]) => [name, property(name, child, types)]),
  );
  return { type: "object", properties, required: [...(schema.required ?? [])].sort() };
}

/** @param {string} name @param {Node} schema @param {Node} types @returns {Node} */
function property(name, schema, types) {
  const { description } = schema;
  return {
    ...(description && { description }),
    ...typeOf(name, schema, types),
    ...(schema.secret && { secret: true }),
  };
}

/**
 * @param {string} name of the property, from which a nested object gets its name
 * @param {Node} schema
 * @param {Node} types
 * @returns {Node}
 */
function typeOf(name, schema, types) {
  const shapes = alternatives(schema)?.filter((one) => !isAnything(one) && !isNull(one));
  if (shapes) {
    const [only, ...others] = shapes.map((one) => typeOf(name, one, types));
    return others.length === 0 ? (only ?? anything) : { oneOf: [only, ...others] };
  }
  switch (schema.type) {
    case "string":
    case "boolean":
    case "integer":
    case "number":
      return { type: schema.type };
    case "array":
      return { type: "array", items: typeOf(name, schema.items, types) };
    case "object":
      return schema.properties
        ? reference(name, schema, types)
        : { type: "object", additionalProperties: typeOf(name, schema.additionalProperties, types) };
    default:
      if (isAnything(schema)) return anything;
      throw new Error(`${name}: no Pulumi type for ${JSON.stringify(schema)}`);
  }
}

/** @param {Node} schema @returns {Node[] | undefined} */
function alternatives({ anyOf, oneOf, type }) {
  return anyOf ?? oneOf ?? (Array.isArray(type) ? type.map((one) => ({ type: one })) : undefined);
}

/** @param {string} name @param {Node} schema @param {Node} types @returns {Node} */
function reference(name, schema, types) {
  const token = `formation:index:${typeNames.get(name) ?? singular(name[0]?.toUpperCase() + name.slice(1))}`;
  const type = objectOf(schema, types);
  if (types[token] && JSON.stringify(types[token]) !== JSON.stringify(type))
    throw new Error(`two types named ${token}`);
  types[token] = type;
  return { $ref: `#/types/${token}` };
}

const anything = { $ref: "pulumi.json#/Any" };
/** True for any value. The shape has values known only at `up` as custom checks, of which JSON Schema knows nothing. */
const isAnything = (/** @type {Node} */ schema) =>
  Object.keys(schema).every((key) => key === "description" || key === "$schema");
const isNull = (/** @type {Node} */ schema) => schema.type === "null";
const singular = (/** @type {string} */ name) => name.replace(/s$/, "");

/** Sorts the keys of every object in a value. @param {unknown} value @returns {unknown} */
function sorted(value) {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, inner]) => [key, sorted(inner)]));
}

try {
  const text = `${JSON.stringify(sorted(packageSchema()), null, 2)}\n`;
  if (!process.argv.includes("--check")) writeFileSync(file, text);
  else if (!existsSync(file) || readFileSync(file, "utf8") !== text) {
    throw new Error("schema.json is not what provider/core says: run npm run schema and commit the result");
  }
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
