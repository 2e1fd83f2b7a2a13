import { formatFormation, type Formation } from "../../provider/core/values/formation";
import { TYPE_NAME_WITHIN } from "../../provider/core/values/names";

/** An argument as typed: `web=2`, `web+1` or `worker-1`. */
export interface Token {
  readonly text: string;
  readonly type: string;
  readonly sign: "=" | "+" | "-";
  readonly count: number;
}

export type Parsed =
  { readonly ok: true; readonly tokens: readonly Token[] } | { readonly ok: false; readonly faults: readonly string[] };

export type Resolved =
  /** `named` has the new quantities of the named types, in the order of the arguments. */
  | { readonly ok: true; readonly after: Formation; readonly named: Formation }
  | { readonly ok: false; readonly faults: readonly string[] };

// The type matches as much as it can, so that `web-2-1` takes one away from `web-2`.
const TOKEN = new RegExp(`^(${TYPE_NAME_WITHIN})([=+-])(\\d+)$`);

export function parseTokens(texts: readonly string[]): Parsed {
  const tokens = texts.map(parseToken);
  const malformed = tokens.filter((token): token is string => typeof token === "string");
  const good = tokens.filter((token): token is Token => typeof token !== "string");
  const faults = [...malformed, ...repetitions(good)];
  return faults.length === 0 ? { ok: true, tokens: good } : { ok: false, faults };
}

/** @returns the token, or a message that says what is wrong with it */
function parseToken(text: string): Token | string {
  const [, type = "", sign, digits = ""] = TOKEN.exec(text) ?? [];
  const count = Number(digits);
  if (sign !== undefined && Number.isSafeInteger(count)) return { text, type, sign: sign as Token["sign"], count };
  const shown = JSON.stringify(text);
  const [before = "", after] = text.split("=", 2);
  if (after !== undefined && /^\d+:/.test(after))
    return `${shown}: sizes are set in the program; write ${before}=${parseInt(after, 10)}`;
  if (after !== undefined && TOKEN.test(`${before}=0`))
    return `${shown}: ${after === "" ? "the quantity is missing" : `${after} is no quantity`}; write a whole number, 0 or more, such as ${before}=2`;
  return `${shown} is not understood: write a type and a quantity, such as web=2, web+1 or web-1`;
}

function repetitions(tokens: readonly Token[]): string[] {
  const types = [...new Set(tokens.map((token) => token.type))];
  return types.flatMap((type) => {
    const same = tokens.filter((token) => token.type === type).map((token) => token.text);
    return same.length < 2 ? [] : [`${same.join(" and ")} both name ${type}: name it once`];
  });
}

/** Applies the tokens to the current formation. @param app for messages */
export function resolveTokens(tokens: readonly Token[], current: Formation, app: string): Resolved {
  const faults: string[] = [];
  const named: Record<string, number> = {};
  for (const { text, type, sign, count } of tokens) {
    const now = Object.hasOwn(current, type) ? current[type] : undefined;
    if (now === undefined) {
      faults.push(`${text}: ${app} has no process type ${type}: it has ${Object.keys(current).join(", ")}`);
      continue;
    }
    const wanted = sign === "=" ? count : sign === "+" ? now + count : now - count;
    if (wanted < 0) faults.push(`${text}: ${type} is ${now} now, and cannot be less than 0`);
    named[type] = wanted;
  }
  return faults.length === 0 ? { ok: true, after: { ...current, ...named }, named } : { ok: false, faults };
}

/** Formats a formation as `scale` prints and takes it: `web=2 worker=1 clock=0`. */
export function formatTokens(formation: Formation): string {
  return formatFormation(formation, Object.keys(formation)).replaceAll(", ", " ");
}

/** Lists the differences between the current formation and the expected one. */
export function unexpected(expected: readonly Token[], current: Formation): string[] {
  return expected.flatMap(({ text, type, count }) => {
    const now = Object.hasOwn(current, type) ? current[type] : undefined;
    return now === count
      ? []
      : [`${text} was expected, but ${now === undefined ? `there is no ${type}` : `it is ${now}`}`];
  });
}
