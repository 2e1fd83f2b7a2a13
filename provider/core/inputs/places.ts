import type * as z from "zod";

// Ways through the shape of the inputs: which names an object at a path may have.

export type Shape = z.core.$ZodType;
/** Names from the formation down to a value. Of records and lists, `*` is any entry. */
export type Path = readonly string[];

/** Names that the object at the path may have; none when there is no object. */
export function keysAt(shape: Shape, path: Path): string[] {
  return [...new Set(shapesAt(shape, path).flatMap((one) => Object.keys(propertiesOf(one))))];
}

/** The kind of place: `formation`, `type`, or the path of a part such as `update` or `hosts.*`, of a type or not. */
export function placeOf(shape: Shape, path: Path): string {
  const kind = path.map((name, at) => (isEntry(shape, path.slice(0, at), name) ? "*" : name)).join(".");
  if (kind === "") return "formation";
  return kind === "processes.*" ? "type" : kind.replace(/^processes\.\*\./, "");
}

function isEntry(shape: Shape, parent: Path, name: string): boolean {
  return !keysAt(shape, parent).includes(name);
}

function shapesAt(shape: Shape, path: Path): Shape[] {
  return path.reduce((shapes, name) => shapes.flatMap((one) => inner(one, name)), bare(shape));
}

function inner(shape: Shape, name: string): Shape[] {
  const { def } = (shape as z.core.$ZodTypes)._zod;
  if (def.type === "record") return bare(def.valueType);
  if (def.type === "array") return bare(def.element);
  const properties = propertiesOf(shape);
  return Object.hasOwn(properties, name) ? bare(properties[name] as Shape) : [];
}

function propertiesOf(shape: Shape): Readonly<Record<string, Shape>> {
  const { def } = (shape as z.core.$ZodTypes)._zod;
  return def.type === "object" ? def.shape : {};
}

/** The shapes that a value may have, without what makes them optional or lets them be unknown. */
function bare(shape: Shape): Shape[] {
  const { def } = (shape as z.core.$ZodTypes)._zod;
  if (def.type === "union") return def.options.flatMap(bare);
  if (def.type === "pipe") return bare(def.in);
  return "innerType" in def ? bare(def.innerType) : [shape];
}
