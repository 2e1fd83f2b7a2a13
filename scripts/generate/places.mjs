// Where the objects of the model stand, in the notation of the documentation: `processes.<type>.size`, `hosts[]`.

/** @typedef {import("./model.mjs").ObjectType} ObjectType @typedef {import("./model.mjs").Value} Value */
/** @typedef {import("./model.mjs").Property} Property */
/**
 * @typedef {{ kind: "property", name: string, beside: Record<string, unknown> } | { kind: "item" | "entry" }} Step
 *   `beside`: what the object must say for the property to be one of its own
 * @typedef {object} Place of an object
 * @property {string} path
 * @property {readonly Step[]} steps that lead there
 * @property {ObjectType} type
 * @property {Property} [holder] that the object stands in
 */

/** Words for the keys of records. */
const keys = new Map([["processes", "type"]]);

/** @param {ObjectType} type @param {Omit<Place, "type">} [at] @returns {Place[]} of the object, and of those inside */
export function places(type, at = { path: "", steps: [] }) {
  const inside = type.properties.flatMap((property) => {
    const own = placeOf(property, { ...at, type });
    return objectsIn(property.value, own, property.name).flatMap(({ type: inner, path, steps }) =>
      places(inner, { path, steps, holder: property }),
    );
  });
  return [{ ...at, type }, ...inside];
}

/** @param {Property} property @param {Place} owner */
export function placeOf({ name }, { path, steps, type }) {
  /** @type {Step} */
  const step = { kind: "property", name, beside: Object.fromEntries(fixedIn(type)) };
  return { path: path === "" ? name : `${path}.${name}`, steps: [...steps, step] };
}

/** Properties that have one value only, by which an object is told from others. @param {ObjectType} type */
export function fixedIn({ properties }) {
  return properties.flatMap(({ name, value, isPlain }) =>
    isPlain && value.kind === "literal" ? [/** @type {const} */ ([name, value.values[0]])] : [],
  );
}

/** @param {string} path of a record @param {string} name of the property that holds it */
export const entriesOf = (path, name) => `${path}.<${keys.get(name) ?? "name"}>`;

/**
 * @param {Value} value
 * @param {{ path: string, steps: readonly Step[] }} at
 * @param {string} name of the property
 * @returns {Place[]}
 */
export function objectsIn(value, { path, steps }, name) {
  switch (value.kind) {
    case "object":
      return [{ path, steps, type: value.of }];
    case "list":
      return objectsIn(value.item, { path: `${path}[]`, steps: [...steps, { kind: "item" }] }, name);
    case "record":
      return objectsIn(value.value, { path: entriesOf(path, name), steps: [...steps, { kind: "entry" }] }, name);
    case "union":
      return value.of.flatMap((one) => objectsIn(one, { path, steps }, name));
    default:
      return [];
  }
}
