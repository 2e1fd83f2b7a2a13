// Names and words from outside (of engines, registries, labels, processes, programs) may move a terminal's cursor, turn
// the order of letters about, or begin a line. Every text for people goes through one of these functions.

/** Escape sequences, for colours and for the cursor, as a whole. */
const SEQUENCE = /(?:\u001b\[|\u009b)[0-?]*[ -/]*[@-~]/g;

/** Text without control characters, marks of direction, and halves of surrogate pairs; a line break becomes a space. */
export function plainLine(text: string): string {
  return text
    .replace(SEQUENCE, "")
    .replace(/ ?[\r\n\u0085\u2028\u2029]+\s*/g, " ")
    .replace(/(?!\t)[\p{Cc}\p{Cf}\p{Cs}]/gu, "");
}

/** The same for text of several lines, which stay apart. */
export function plainText(text: string): string {
  return text
    .split("\n")
    .map((line) => plainLine(line.replace(/\r$/, "")))
    .join("\n");
}

/** JSON that shows a terminal nothing but JSON: JSON's own escapes cover only the first control characters. */
export function plainJson(value: unknown, space?: number): string {
  const escaped = (letters: string) =>
    Array.from(
      { length: letters.length },
      (_, at) => `\\u${letters.charCodeAt(at).toString(16).padStart(4, "0")}`,
    ).join("");
  return JSON.stringify(value, undefined, space).replace(/(?!\n)[\p{Cc}\p{Cf}\u2028\u2029]/gu, escaped);
}
