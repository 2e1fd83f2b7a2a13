// The model in the words of a Pulumi package schema.
import { places } from "./places.mjs";

/** @typedef {import("./model.mjs").ObjectType} ObjectType @typedef {import("./model.mjs").Value} Value */

/** @param {readonly ObjectType[]} roots @returns {Record<string, object>} the objects inside, by token */
export function schemaTypes(roots) {
  const inside = roots.flatMap((root) => places(root).slice(1));
  return Object.fromEntries(inside.map(({ type }) => [tokenOf(type), schemaObject(type)]));
}

/** @param {ObjectType} type */
export function schemaObject({ properties }) {
  const entries = properties.map(({ name, value, description, isSecret }) => [
    name,
    { ...(description && { description }), ...schemaType(value), ...(isSecret && { secret: true }) },
  ]);
  const required = properties.filter(({ isRequired }) => isRequired).map(({ name }) => name);
  return { type: "object", properties: Object.fromEntries(entries), required: required.sort() };
}

/** @param {Value} value @returns {object} */
function schemaType(value) {
  switch (value.kind) {
    case "plain":
      return { type: value.type };
    case "literal":
      return oneOf(value.values.map((one) => ({ type: typeof one })));
    case "list":
      return { type: "array", items: schemaType(value.item) };
    case "record":
      return { type: "object", additionalProperties: schemaType(value.value) };
    case "object":
      return { $ref: `#/types/${tokenOf(value.of)}` };
    case "union":
      return oneOf(value.of.map(schemaType));
    case "any":
      return { $ref: "pulumi.json#/Any" };
  }
}

/** @param {object[]} types @returns {object} */
function oneOf(types) {
  const different = [...new Map(types.map((one) => [JSON.stringify(one), one])).values()];
  return different.length === 1 ? (different[0] ?? {}) : { oneOf: different };
}

const tokenOf = (/** @type {ObjectType} */ { name }) => `formation:index:${name}`;
