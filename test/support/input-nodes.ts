import * as z from "zod";

/** A place in inputs: a property, an item of a list or an entry of a record. */
export interface Node {
  /** In the notation of the documentation: `processes.<type>.size`, `hosts[]`. */
  readonly path: string;
  /** In the notation of faults: `processes.web.size`, `hosts.0`. */
  readonly example: string;
  readonly isProperty: boolean;
  /** Makes inputs with a value here; properties that an object on the way has to have are `other`. */
  readonly around: (value: unknown, other: unknown) => unknown;
}

const top: Node = { path: "", example: "", isProperty: false, around: (value) => value };

/** Every place in a shape. scripts/generate looks for them in another way, so that each checks the other. */
export function nodesIn(shape: z.core.$ZodType, at = top): Node[] {
  const { path, example, around } = at;
  if (shape instanceof z.ZodOptional || shape instanceof z.ZodNullable || shape instanceof z.ZodDefault) {
    return nodesIn(shape.unwrap(), at);
  }
  if (shape instanceof z.ZodUnion) return shape.options.flatMap((one) => nodesIn(one, at));
  if (shape instanceof z.ZodArray) {
    const item = inside(`${path}[]`, `${example}.0`, (value, other) => around([value], other));
    return [item, ...nodesIn(shape.element, item)];
  }
  if (shape instanceof z.ZodRecord) {
    const name = path === "processes" ? "<type>" : "<name>";
    const entry = inside(`${path}.${name}`, `${example}.web`, (value, other) => around({ web: value }, other));
    return [entry, ...nodesIn(shape.valueType, entry)];
  }
  if (!(shape instanceof z.ZodObject)) return [];
  const properties = Object.entries<z.core.$ZodType>(shape.shape);
  return properties.flatMap(([name, inner]) => {
    const [own, exact] = path === "" ? [name, name] : [`${path}.${name}`, `${example}.${name}`];
    const property: Node = {
      path: own,
      example: exact,
      isProperty: true,
      around: (value, other) => around({ ...needed(properties, other), [name]: value }, other),
    };
    return [property, ...nodesIn(inner, property)];
  });
}

function inside(path: string, example: string, around: Node["around"]): Node {
  return { path, example, isProperty: false, around };
}

function needed(properties: readonly (readonly [string, z.core.$ZodType])[], other: unknown) {
  const required = properties.filter(([, shape]) => !(shape instanceof z.ZodOptional));
  return Object.fromEntries(
    required.map(([name, shape]) => [name, shape instanceof z.ZodLiteral ? shape.value : other]),
  );
}
