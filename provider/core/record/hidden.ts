import type { Redact } from "./redact";
import { declaredSecrets } from "./secrets";

// Hides inputs that the program itself has made secret, such as a Procfile with a token in it: they stand in no plan,
// no fault and no error of ours, although we may show the same input of everybody else.

type Properties = Readonly<Record<string, unknown>>;

/** Stands in a text for a secret. */
export const HIDDEN = "[secret]";
/** Shorter values, and shorter parts of them, occur in any text. */
const [SHORTEST, SHORTEST_PART] = [4, 8];

/** @param all the inputs of now, and those of before */
export function hider(...all: readonly Properties[]): Redact {
  const secrets = all.flatMap((properties) =>
    declaredSecrets(properties).map((path) => ({ path: path.join("."), value: valueAt(properties, path) })),
  );
  if (secrets.length === 0) return (text) => text;
  const parts = [...new Set(secrets.flatMap(({ value }) => leavesOf(value)).flatMap(partsOf))];
  const patterns = parts.sort((a, b) => b.length - a.length).map(patternOf);
  const anywhere = (text: string) => patterns.reduce((rest, pattern) => rest.replace(pattern, HIDDEN), text);
  return (text) =>
    text
      .split("\n")
      .map((line) => anywhere(secrets.some(({ path }) => speaksOf(line, path)) ? withoutValue(line) : line))
      .join("\n");
}

/** True when a fault, which begins with the path of a wrong input, is about a secret. */
function speaksOf(line: string, path: string): boolean {
  return line.startsWith(path) && /^[ .:]/.test(line.slice(path.length));
}

/** Removes the value from `processes.web.port is 70000: give …`, or from `procfile:3: "…" is not a line …`. */
function withoutValue(fault: string): string {
  return fault
    .replace(/^(\S+ is )(?!missing|not )("(?:[^"\\]|\\.)*"|.*?)(?= \(a string\):|: |, |$)/, `$1${HIDDEN}`)
    .replace(/^(\w+ is not JSON): .*/, "$1")
    .replace(/^(\w+:\d+: (?:the command of )?)"(?:[^"\\]|\\.)*"/, `$1${HIDDEN}`);
}

function valueAt(value: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (at, step) =>
      typeof at === "object" && at !== null && Object.hasOwn(at, step) ? (at as Properties)[step] : undefined,
    value,
  );
}

function leavesOf(value: unknown): string[] {
  if (typeof value === "string" || typeof value === "number") return [String(value)];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(leavesOf) : [];
}

/**
 * All parts of a text that an engine may quote: the whole, its lines, the commands behind the types' names, and words.
 */
function partsOf(text: string): string[] {
  const lines = text.split(/\r?\n/).map((line) => line.trim());
  const commands = lines.map((line) => line.replace(/^[^\s:]+:\s*/, ""));
  const parts = [...lines, ...commands, ...commands.flatMap((command) => command.split(/\s+/))];
  const long = [...(text.length >= SHORTEST ? [text] : []), ...parts.filter((part) => part.length >= SHORTEST_PART)];
  return long.flatMap((part) => [part, JSON.stringify(part).slice(1, -1)]);
}

/** Matches the part as it is, unless it is within a longer word. */
function patternOf(part: string): RegExp {
  return new RegExp(`(?<!\\w)${part.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&")}(?!\\w)`, "g");
}
