import { isMap, isScalar, type Node, type Pair, type YAMLMap } from "yaml";

// Edits change a single entry of a YAML or JSON text: printing the whole text again would lose its formatting.

/** A value to be written. Text is put in quotes, so that no reader takes a time for a number. */
export type Plain = number | string | { readonly [name: string]: Plain };

/** A range of the text and its replacement. */
interface Change {
  readonly from: number;
  readonly to: number;
  readonly text: string;
}

/** Formatting of the text. */
interface Style {
  readonly eol: string;
  /** True when every key is in quotes. */
  readonly isJson: boolean;
}

/** @param root of the text, parsed so that every scalar is text @param path of keys; missing ones are created */
export function withEntry(text: string, root: unknown, path: readonly string[], value: Plain, isJson: boolean): string {
  const style: Style = { eol: text.includes("\r\n") ? "\r\n" : "\n", isJson };
  if (isMap(root)) return changed(text, setting(text, root, path, value, style));
  const whole = nested(path, value);
  if (isJson) return `${JSON.stringify(whole, undefined, 4)}\n`;
  const start = text === "" || text.endsWith("\n") ? text : text + style.eol;
  return start + block(whole, 0, 2).join(style.eol) + style.eol;
}

/** Removes an entry, and every map that this leaves empty. @param kept number of leading keys that always stay */
export function withoutEntry(text: string, root: unknown, path: readonly string[], kept: number): string {
  let [map, gone]: [unknown, { readonly map: YAMLMap; readonly pair: Pair } | undefined] = [root, undefined];
  for (const [depth, key] of path.entries()) {
    if (!isMap(map)) return text;
    const pair = pairOf(map, key);
    if (pair === undefined) return text;
    if (depth <= kept || gone === undefined || map.items.length > 1) gone = { map, pair };
    map = pair.value;
  }
  return gone === undefined ? text : changed(text, removal(text, gone.map, gone.pair));
}

function changed(text: string, { from, to, text: put }: Change): string {
  return text.slice(0, from) + put + text.slice(to);
}

function setting(text: string, map: YAMLMap, path: readonly string[], value: Plain, style: Style): Change {
  const [key = "", ...rest] = path;
  const pair = pairOf(map, key);
  if (pair === undefined) return addition(text, map, key, nested(rest, value), style);
  if (rest.length > 0 && isMap(pair.value) && !isEmptyFlow(pair.value))
    return setting(text, pair.value, rest, value, style);
  return replacement(text, map, pair, nested(rest, value), style);
}

function replacement(text: string, map: YAMLMap, { key, value: node }: Pair, value: Plain, style: Style): Change {
  const colon = text.indexOf(":", rangeOf(key)[1]) + 1;
  const [start, end] = isNothing(node) ? [colon, colon] : rangeOf(node);
  if (typeof value !== "object" || map.flow === true) {
    const written = typeof value === "object" ? flow(value, style) : scalar(value);
    return { from: start, to: end, text: start === colon ? ` ${written}` : written };
  }
  const at = columnOf(text, rangeOf(key)[0]);
  const lines = block(value, at + stepOf(text, map), stepOf(text, map));
  // A comment after the value on the same line stays there.
  const to = isNothing(node) ? lineEnd(text, colon) : end;
  const from = isNothing(node) ? to : colon;
  return { from, to, text: style.eol + lines.join(style.eol) };
}

function addition(text: string, map: YAMLMap, key: string, value: Plain, style: Style): Change {
  const last = map.items.at(-1);
  if (map.flow === true) return additionToFlow(text, map, last, key, value, style);
  const end = endOf(last);
  const [first] = map.items;
  const lines = block({ [key]: value }, columnOf(text, rangeOf(first?.key)[0]), stepOf(text, map)).join(style.eol);
  if (text[end - 1] === "\n") return { from: end, to: end, text: lines + style.eol };
  const at = lineEnd(text, end);
  return { from: at, to: at, text: style.eol + lines };
}

function additionToFlow(
  text: string,
  map: YAMLMap,
  last: Pair | undefined,
  key: string,
  value: Plain,
  style: Style,
): Change {
  const written = `${style.isJson ? JSON.stringify(key) : keyText(key)}: ${typeof value === "object" ? flow(value, style) : scalar(value)}`;
  if (last === undefined) {
    const [from, to] = rangeOf(map);
    return { from, to, text: `{ ${written} }` };
  }
  const start = rangeOf(last.key)[0];
  const before = text.slice(lineStart(text, start), start);
  const gap = /^\s*$/.test(before) ? style.eol + before : " ";
  const at = endOf(last);
  return { from: at, to: at, text: `,${gap}${written}` };
}

function removal(text: string, map: YAMLMap, pair: Pair): Change {
  const at = map.items.indexOf(pair);
  const start = rangeOf(pair.key)[0];
  const end = endOf(pair);
  const [previous, next] = [map.items[at - 1], map.items[at + 1]];
  if (map.flow === true) {
    if (next !== undefined) return { from: start, to: rangeOf(next.key)[0], text: "" };
    return { from: previous === undefined ? start : endOf(previous), to: end, text: "" };
  }
  const newline = text.indexOf("\n", end);
  const to = text[end - 1] === "\n" ? end : newline === -1 ? text.length : newline + 1;
  return { from: lineStart(text, start), to, text: "" };
}

function pairOf(map: YAMLMap, key: string): Pair | undefined {
  return map.items.find((pair) => isScalar(pair.key) && pair.key.value === key);
}

function rangeOf(node: unknown): readonly [number, number] {
  const [start, end] = (node as Partial<Node> | undefined | null)?.range ?? [0, 0];
  return [start, end];
}

/** Position of the last character of an entry, without the comments below it. */
function endOf(pair: Pair | undefined): number {
  if (pair === undefined) return 0;
  const { key, value } = pair;
  if (isMap(value) && value.flow !== true && value.items.length > 0) return endOf(value.items.at(-1));
  return Math.max(rangeOf(key)[1], rangeOf(value)[1]);
}

function isNothing(node: unknown): boolean {
  return node === null || node === undefined || (isScalar(node) && rangeOf(node)[0] === rangeOf(node)[1]);
}

function isEmptyFlow(map: YAMLMap): boolean {
  return map.flow === true && map.items.length === 0;
}

function lineStart(text: string, at: number): number {
  return text.lastIndexOf("\n", at - 1) + 1;
}

function lineEnd(text: string, at: number): number {
  const newline = text.indexOf("\n", at);
  const end = newline === -1 ? text.length : newline;
  return text[end - 1] === "\r" ? end - 1 : end;
}

function columnOf(text: string, at: number): number {
  return at - lineStart(text, at);
}

/** Width of one level of indentation. @param map inside another one, unless it is the root */
function stepOf(text: string, map: YAMLMap): number {
  const column = columnOf(text, rangeOf(map.items[0]?.key)[0]);
  for (const { key, value } of map.items) {
    const [first] = isMap(value) && value.flow !== true ? value.items : [];
    if (first !== undefined) return columnOf(text, rangeOf(first.key)[0]) - columnOf(text, rangeOf(key)[0]);
  }
  return column > 0 && column <= 4 ? column : 2;
}

function nested(path: readonly string[], value: Plain): Plain {
  return path.reduceRight<Plain>((inner, key) => ({ [key]: inner }), value);
}

function block(value: Plain, indent: number, step: number): string[] {
  if (typeof value !== "object") return [];
  return Object.entries(value).flatMap(([key, inner]) => {
    const start = `${" ".repeat(indent)}${keyText(key)}:`;
    if (typeof inner !== "object") return [`${start} ${scalar(inner)}`];
    return Object.keys(inner).length === 0 ? [`${start} {}`] : [start, ...block(inner, indent + step, step)];
  });
}

function flow(value: Plain, style: Style): string {
  if (typeof value !== "object") return scalar(value);
  const parts = Object.entries(value).map(
    ([key, inner]) => `${style.isJson ? JSON.stringify(key) : keyText(key)}: ${flow(inner, style)}`,
  );
  return parts.length === 0 ? "{}" : `{ ${parts.join(", ")} }`;
}

function scalar(value: number | string): string {
  return typeof value === "string" ? JSON.stringify(value) : String(value);
}

/** Puts a key in quotes where it could be read as anything but text. */
function keyText(key: string): string {
  const isText = /^[A-Za-z][\w.:-]*$/.test(key) && !/^(y|n|yes|no|on|off|true|false|null)$/i.test(key);
  return isText && !key.endsWith(":") ? key : JSON.stringify(key);
}
