// Reads JSON Schema, as zod makes it from the shapes in provider/core, into a model that all generated files share:
// named objects with their properties.

/**
 * @typedef {Record<string, any>} Schema a piece of JSON Schema
 * @typedef {{ kind: "plain", type: "string" | "boolean" | "integer" | "number" }
 *   | { kind: "literal", values: (string | number | boolean)[] }
 *   | { kind: "list", item: Value }
 *   | { kind: "record", value: Value }
 *   | { kind: "object", of: ObjectType }
 *   | { kind: "union", of: Value[] }
 *   | { kind: "any" }} Value
 * @typedef {object} Property
 * @property {string} name
 * @property {Value} value
 * @property {boolean} isRequired
 * @property {string | undefined} description
 * @property {boolean} isSecret true when it is one whatever the program says
 * @property {boolean} isPlain true when it cannot be an output
 * @typedef {{ name: string, properties: Property[] }} ObjectType
 * @typedef {{ property: string, owner: string, isOneOfMany?: boolean, variant?: string }} Place gives an object its name
 */

/** Names of types that do not follow from the property's own name. */
const typeNames = new Map([["processes", "ProcessType"]]);

/**
 * Objects that were read by one reader share a set of names: those of different shapes have different ones.
 *
 * @returns {(schema: Schema, name: string) => ObjectType}
 */
export function reader() {
  /** @type {Map<string, { schema: string, type: ObjectType }>} */
  const types = new Map();

  /** @param {Schema} schema @param {string} name @returns {ObjectType} */
  const read = (schema, name) => {
    const required = new Set(schema.required ?? []);
    const properties = Object.entries(schema.properties ?? {}).map(([property, inner]) => ({
      name: property,
      value: valueOf(inner, { property, owner: name }),
      isRequired: required.has(property),
      description: inner.description,
      isSecret: inner.secret === true,
      // It decides which shape its object has.
      isPlain: required.has(property) && inner.const !== undefined,
    }));
    return { name, properties };
  };

  /** @param {Schema} schema @param {Place} place @returns {Value} */
  const valueOf = (schema, place) => {
    const parts = alternatives(schema);
    if (parts) return union(parts.map((one) => valueOf(one, { ...place, ...variantOf(one, parts) })));
    if (schema.const !== undefined) return { kind: "literal", values: [schema.const] };
    if (schema.enum !== undefined) return { kind: "literal", values: schema.enum };
    switch (schema.type) {
      case "string":
      case "boolean":
      case "integer":
      case "number":
        return { kind: "plain", type: schema.type };
      case "array":
        return { kind: "list", item: valueOf(itemOf(schema), { ...place, isOneOfMany: true }) };
      case "object":
        if (schema.properties) return { kind: "object", of: named(schema, place) };
        return { kind: "record", value: valueOf(schema.additionalProperties, { ...place, isOneOfMany: true }) };
      default:
        if (isAnything(schema)) return { kind: "any" };
        throw new Error(`${place.owner}.${place.property}: no type for ${JSON.stringify(schema)}`);
    }
  };

  /** @param {Schema} schema @param {Place} place @returns {ObjectType} */
  const named = (schema, place) => {
    const text = JSON.stringify({ ...schema, description: undefined });
    for (const name of namesFor(place)) {
      const known = types.get(name);
      if (known?.schema === text) return known.type;
      if (known) continue;
      /** @type {ObjectType} */
      const type = { name, properties: [] };
      types.set(name, { schema: text, type });
      type.properties = read(schema, name).properties;
      return type;
    }
    throw new Error(`${place.owner}.${place.property}: no name is left`);
  };

  return read;
}

/** @param {Place} place @returns {Iterable<string>} */
function* namesFor({ property, owner, isOneOfMany = false, variant = "" }) {
  const own = typeNames.get(property) ?? capital(isOneOfMany ? singular(property) : property);
  const name = `${capital(variant)}${own}`;
  yield name;
  yield `${owner}${name}`;
  for (let number = 2; number < 100; number++) yield `${owner}${name}${number}`;
}

/** @param {Schema} schema @returns {Schema[] | undefined} */
function alternatives({ anyOf, oneOf, type }) {
  return anyOf ?? oneOf ?? (Array.isArray(type) ? type.map((one) => ({ type: one })) : undefined);
}

/** The word by which one of several shapes says that it is meant. @param {Schema} schema @param {Schema[]} among */
function variantOf(schema, among) {
  if (among.filter((one) => one.properties).length < 2) return {};
  const isFixed = (/** @type {string} */ name) => typeof schema.properties?.[name].const === "string";
  const name = (schema.required ?? []).find(isFixed);
  return name === undefined ? {} : { variant: schema.properties[name].const };
}

/** @param {Value[]} values @returns {Value} */
function union(values) {
  const all = values.flatMap((one) => (one.kind === "union" ? one.of : [one]));
  // The shape has values known only at `up` as custom checks, of which JSON Schema knows nothing.
  const known = all.filter((one) => one.kind !== "any");
  const literals = known.flatMap((one) => (one.kind === "literal" ? one.values : []));
  const others = known.filter((one) => one.kind !== "literal");
  /** @type {Value[]} */
  const parts = literals.length > 0 ? [{ kind: "literal", values: literals }, ...others] : others;
  const [first, second] = parts;
  if (second === undefined) return first ?? { kind: "any" };
  return { kind: "union", of: parts };
}

/** @param {Schema} list @returns {Schema} */
const itemOf = ({ items, prefixItems }) =>
  prefixItems ? { anyOf: [...prefixItems, ...(items ? [items] : [])] } : items;
/** True for any value, and for null, which no input takes. @param {Schema} schema */
const isAnything = (schema) =>
  schema.type === "null" || Object.keys(schema).every((key) => key === "description" || key === "$schema");
const capital = (/** @type {string} */ name) =>
  name.replace(/(?:^|[^A-Za-z0-9]+)([A-Za-z0-9])/g, (_, letter) => letter.toUpperCase()).replace(/[^A-Za-z0-9]/g, "");
const singular = (/** @type {string} */ name) => name.replace(/ies$/, "y").replace(/s$/, "");

/**
 * Marks an input as secret. In a path, `*` is any item of a list, or any entry of an object.
 *
 * @param {Schema} schema
 * @param {readonly string[]} path
 */
export function markSecret(schema, path) {
  const marked = path.reduce((at, step) => {
    const parts = alternatives(at) ?? [at];
    const inner = parts
      .map((one) => (step === "*" ? (one.items ?? one.additionalProperties) : one.properties?.[step]))
      .find(Boolean);
    if (!inner) throw new Error(`${path.join(".")} is secret, but no input`);
    return inner;
  }, schema);
  marked.secret = true;
}

/** The description of a property, and that it is a secret, unless it says so. @param {Property} property */
export const keptSecret = ({ description = "", isSecret }) =>
  isSecret && !/secret/i.test(description) ? `${description} Always a secret.`.trim() : description;
