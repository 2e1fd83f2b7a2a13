import * as z from "zod";
import { UNKNOWN, type Unknown } from "../values/unknown";
import { parseDuration, type Seconds } from "../values/units";
import { fits, LONGEST_WORD, NUL } from "../values/words";

// Parts that the shapes of all inputs are made of, and the words of their faults.

const QUANTITY_RULE = "a whole number, 0 or more";

/** A fault in the words "<path> is <value>: give <what is allowed>"; the path is added where faults are collected. */
export function expecting(allowed: string) {
  return (issue: { readonly input?: unknown }) =>
    issue.input === undefined ? `is missing: give ${allowed}` : `is ${show(issue.input)}: give ${allowed}`;
}

/** Like `expecting`, for values that may be secret: names their kind only. */
export function expectingSecret(allowed: string) {
  return (issue: { readonly input?: unknown }) =>
    issue.input === undefined ? `is missing: give ${allowed}` : `is ${kindOf(issue.input)}: give ${allowed}`;
}

function show(value: unknown): string {
  if (typeof value === "number") return String(value);
  const text = (JSON.stringify(value) as string | undefined) ?? String(value);
  const short = text.length > 60 ? `${text.slice(0, 57)}...` : text;
  return typeof value === "string" ? `${short} (a string)` : short;
}

function kindOf(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "a list";
  return typeof value === "object" ? "an object" : `a ${typeof value}`;
}

/** Words for shapes that have none of their own. */
export function inOurWords(issue: z.core.$ZodRawIssue): string | undefined {
  return issue.code === "invalid_type" ? expectingSecret(`an ${issue.expected}`)(issue) : undefined;
}

const unknown = z.custom<Unknown>((value) => value === UNKNOWN);
/** Also accepts a value that is known only at `up`. */
export const maybe = <T extends z.ZodType>(shape: T) => z.union([unknown, shape]);

export function text(allowed: string, test: (value: string) => boolean = (value) => value !== "") {
  return z.string({ error: expecting(allowed) }).refine(test, { error: expecting(allowed) });
}

/** Text that may be secret. */
export function secretText(allowed: string, test: (value: string) => boolean = (value) => value !== "") {
  return z.string({ error: expectingSecret(allowed) }).refine(test, { error: () => `is not usable: give ${allowed}` });
}

export function measure(
  allowed: string | ((input: unknown) => string),
  parse: (value: string | number) => number | undefined,
) {
  const error = (issue: { readonly input?: unknown }) =>
    expecting(typeof allowed === "string" ? allowed : allowed(issue.input))(issue);
  return z.union([z.string(), z.number()], { error }).refine((value) => parse(value) !== undefined, { error });
}

export function whole(allowed: string, min: number, max: number) {
  const error = expecting(allowed);
  return z.int({ error }).min(min, { error }).max(max, { error });
}

export function oneOf<const T extends readonly [string, ...string[]]>(values: T) {
  return z.enum(values, { error: expecting(values.map((value) => JSON.stringify(value)).join(" or ")) });
}

export const flag = z.boolean({ error: expecting("true or false") });

/** Longer durations are mistakes, and more than a timer can count. */
const LONGEST: Seconds = 7 * 24 * 3600;
const bounded = (least: Seconds) => (value: string | number) => {
  const seconds = parseDuration(value);
  return seconds !== undefined && seconds >= least && seconds <= LONGEST ? seconds : undefined;
};

export const duration = measure('seconds or a duration such as "90s" or "2m", at most 168h', bounded(0));
export const someTime = measure(
  'more than 0 seconds or a duration such as "90s" or "2m", at most 168h',
  bounded(0.001),
);

/** The one shape of a quantity, wherever it comes from. */
export const quantity = whole(QUANTITY_RULE, 0, Number.MAX_SAFE_INTEGER);

/** A line for the shell, or the words of a program and its arguments. */
const COMMAND_RULE = "a command line, or a list of words";
const WORD_RULE = `of at most ${LONGEST_WORD} bytes, without NUL characters`;
const isWord = (value: string) => !value.includes(NUL) && fits(value);
export const command = z.union([
  text(`${COMMAND_RULE} ${WORD_RULE}`, (value) => value.trim() !== "" && isWord(value)),
  z
    .array(text(`a word ${WORD_RULE}`, isWord), { error: expecting(COMMAND_RULE) })
    .refine(([program = ""]) => program !== "", { error: expecting(COMMAND_RULE) }),
]);

/** The fault of a name that the object at a path does not have. */
type Unrecognized = (path: readonly string[], name: string) => string;

/** Every fault of a value as `<path> <what is wrong>: <what to do>`, in the order of the value. */
export function faultsOf(
  error: Pick<z.ZodError, "issues">,
  root = "",
  unrecognized: Unrecognized = (path, name) =>
    `${[...path, name].join(".")} is not an input of Formation: check its spelling`,
): string[] {
  const texts = error.issues.flatMap((issue) => issueTexts(issue, root === "" ? [] : [root], unrecognized));
  return [...new Set(texts)];
}

function issueTexts(issue: z.core.$ZodIssue, parent: readonly PropertyKey[], unrecognized: Unrecognized): string[] {
  const path = [...parent, ...issue.path];
  // In a union with unknown, the last shape is the one that people write.
  const shapes = issue.code === "invalid_union" ? issue.errors.filter((one) => one.length > 0) : [];
  const deepest = shapes.at(-1);
  if (deepest !== undefined && !issue.message.startsWith("is ")) {
    return deepest.flatMap((inner) => issueTexts(inner, path, unrecognized));
  }
  if (issue.code === "invalid_key") return issue.issues.flatMap((inner) => issueTexts(inner, path, unrecognized));
  const names = path.map(String);
  if (issue.code === "unrecognized_keys") return issue.keys.map((key) => unrecognized(names, key));
  return [`${names.join(".")} ${issue.message}`];
}
