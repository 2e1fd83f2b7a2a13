/** Shorter values would also hide ordinary words and numbers; a secret that short is none. */
const SHORTEST = 4;

/** Replaces every value of env in a text that came from an engine or a process by the variable's name. */
export function redact(text: string, env: Readonly<Record<string, unknown>>): string {
  const values = Object.entries(env)
    .filter((entry): entry is [string, string] => typeof entry[1] === "string" && entry[1].length >= SHORTEST)
    .sort(([, a], [, b]) => b.length - a.length);
  return values.reduce((rest, [name, value]) => rest.replaceAll(value, `[${name}]`), text);
}
