import { KEY_VARIABLE } from "../model/environment";
import type { Secret } from "./secrets";

/** Shorter values would also hide ordinary words and numbers; a secret that short is none. */
const SHORTEST = 4;
/** Lines of a value are hidden one by one. Short lines occur in any text, but hardly alone on a line. */
const SHORTEST_LINE = 8;
const SHORTEST_LONE_LINE = 3;
/** The formation's own secret, in any form in which a process prints its environment. */
const KEY = new RegExp(`(${KEY_VARIABLE}\\W{1,5})[0-9a-f]{8,}`, "g");

export type Redact = (text: string) => string;

/** Replaces every secret, and every line of one, by its name in a text that came from an engine or a process. */
export function redactor(secrets: readonly Secret[]): Redact {
  const parts = secrets
    .flatMap(([name, value]) => partsOf(value).map((part): Secret => [name, part]))
    .sort(([, a], [, b]) => b.length - a.length);
  const lone = new Map(
    secrets.flatMap(([name, value]) =>
      linesOf(value).flatMap((line) => (line.length < SHORTEST_LONE_LINE ? [] : [[line, name] as const])),
    ),
  );
  const alone = (line: string) => {
    const text = line.trim();
    const name = lone.get(text);
    return name === undefined ? line : line.replace(text, () => `[${name}]`);
  };
  return (text) =>
    parts
      .reduce((rest, [name, value]) => rest.replaceAll(value, () => `[${name}]`), text)
      .replace(KEY, `$1[${KEY_VARIABLE}]`)
      .split("\n")
      .map(alone)
      .join("\n");
}

/** A value and its lines, which a process may write one by one. */
function partsOf(value: string): string[] {
  return [
    ...(value.length >= SHORTEST ? [value] : []),
    ...linesOf(value).filter((line) => line.length >= SHORTEST_LINE),
  ];
}

function linesOf(value: string): string[] {
  const lines = value.split(/\r?\n/).map((line) => line.trim());
  return lines.length > 1 ? lines : [];
}
