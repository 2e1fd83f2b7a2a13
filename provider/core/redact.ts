import { KEY_VARIABLE } from "./environment";

/** Shorter values would also hide ordinary words and numbers; a secret that short is none. */
const SHORTEST = 4;
/** A line of a value that has several is told by itself; short ones stand in any text. */
const SHORTEST_LINE = 8;
/** The formation's own secret, in whatever way a process prints its environment. */
const KEY = new RegExp(`(${KEY_VARIABLE}\\W{1,5})[0-9a-f]{8,}`, "g");

/** Replaces every value of env in a text that came from an engine or a process by the variable's name. */
export function redact(text: string, env: Readonly<Record<string, unknown>>): string {
  const values = Object.entries(env)
    .filter((entry): entry is [string, string] => typeof entry[1] === "string")
    .flatMap(([name, value]) => partsOf(value).map((part) => [name, part] as const))
    .sort(([, a], [, b]) => b.length - a.length);
  const hidden = values.reduce((rest, [name, value]) => rest.replaceAll(value, `[${name}]`), text);
  return hidden.replace(KEY, `$1[${KEY_VARIABLE}]`);
}

/** A value, and its lines: a process writes them one by one. */
function partsOf(value: string): string[] {
  const lines = value.split(/\r?\n/).map((line) => line.trim());
  return [
    ...(value.length >= SHORTEST ? [value] : []),
    ...(lines.length > 1 ? lines.filter((line) => line.length >= SHORTEST_LINE) : []),
  ];
}
