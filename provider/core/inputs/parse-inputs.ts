import type * as z from "zod";
import { containerInputs } from "./container/container-inputs";
import { inputs, type Inputs } from "./inputs";
import { faultsOf, inOurWords } from "./shape";
import { unknownInput } from "./unknown-input";
import { containsUnknown, UNKNOWN, UNNAMED } from "../values/unknown";

/**
 * `faults` beside `given`: wrong inputs were left out, so that the faults of the others can be found in the same go.
 * `later`: paths that are known only at `up` and are of no use until then; `given` has a stand-in, or nothing.
 */
export type ParsedInputs =
  | {
      readonly kind: "given";
      readonly given: Inputs;
      readonly faults: readonly string[];
      readonly later: readonly string[];
    }
  | { readonly kind: "faults"; readonly faults: readonly string[] };

type Raw = Readonly<Record<string, unknown>>;
type Issue = z.core.$ZodIssue;

/**
 * Inputs that can be left out when they are wrong without making others wrong; of `scale` and `env`, only the wrong
 * entries.
 */
const APART = [
  ...Object.keys(containerInputs),
  "scale",
  "env",
  "pull",
  "registryAuth",
  "network",
  "networks",
  "maxProcesses",
  "rebalance",
  "silence",
  "takeOver",
];

export function parseInputs(raw: Raw): ParsedInputs {
  const unnameable = unnameableIn(raw, []);
  if (unnameable.length > 0)
    return { kind: "faults", faults: unnameable.map((path) => `${path} cannot be a name: give another`) };
  return read(raw, []);
}

function read(raw: Raw, later: readonly string[]): ParsedInputs {
  const parsed = inputs.safeParse(raw, { error: inOurWords });
  if (parsed.success) return { kind: "given", given: parsed.data, faults: [], later };
  const issues = parsed.error.issues.flatMap((issue) => (isOpen(raw, issue) ? innermost(issue) : [issue]));
  const late = issues.filter((issue) => isOpen(raw, issue));
  const open = [...new Set([...later, ...late.map(({ path }) => path.join("."))])];
  const standing = late.reduce(withStandIn, raw);
  if (late.length === issues.length) return read(standing, open);
  const wrong = issues.filter((issue) => !late.includes(issue));
  const faults = faultsOf({ issues: wrong }, "", (path, name) => unknownInput(inputs, path, name));
  const rest = inputs.safeParse(wrong.reduce(without, standing));
  return rest.success ? { kind: "given", given: rest.data, faults, later: open } : { kind: "faults", faults };
}

/** True when the value may still turn out right. A wrong name stays wrong, whatever it stands for. */
function isOpen(raw: Raw, { code, path }: Issue): boolean {
  if (code === "unrecognized_keys" || code === "invalid_key" || code === "custom") return false;
  return containsUnknown(valueAt(raw, path));
}

/** The faults inside a value that may also be unknown as a whole. */
function innermost(issue: Issue): Issue[] {
  const inner = issue.code === "invalid_union" ? issue.errors.filter((one) => one.length > 0).at(-1) : undefined;
  if (inner === undefined) return [issue];
  return inner.flatMap((one) => innermost({ ...one, path: [...issue.path, ...one.path] }));
}

/** Stands for a limit that is not known, and so refuses nothing: more than any formation has. */
const NO_LIMIT = { singleton: false, max: 10_000 };
/** Properties that make no sense without another one. */
const BESIDE: Readonly<Record<string, readonly string[]>> = {
  port: ["bind", "health", "publishMode"],
  bind: ["health", "publishMode"],
};

/** Stand for an entry of a list that is known only at `up`. */
const OPEN: Readonly<Record<string, Raw>> = {
  hosts: { host: UNKNOWN },
  registryAuth: { address: UNKNOWN, username: UNKNOWN, password: UNKNOWN },
};

/** Replaces or leaves out an unknown value that is of no use until `up`. */
function withStandIn(raw: Raw, issue: Issue): Raw {
  const [top = "", entry, property] = issue.path.map(String);
  const value = raw[top];
  if (top === "env") {
    const files = Array.isArray(raw["secretsAsFiles"]) ? (raw["secretsAsFiles"] as unknown[]).map(String) : [];
    return { ...raw, env: Object.fromEntries([UNNAMED, ...files].map((name) => [name, UNKNOWN])) };
  }
  const open = OPEN[top];
  if (open !== undefined) {
    const all = Array.isArray(value) ? value.map((one: unknown, at) => (String(at) === entry ? open : one)) : [open];
    return { ...raw, [top]: all };
  }
  if (top !== "processes" || entry === undefined) return omit(raw, [top]);
  const types = value as Readonly<Record<string, Raw>>;
  return { ...raw, processes: { ...types, [entry]: openType(types[entry] ?? {}, property) } };
}

function openType(own: Raw, property: string | undefined): Raw {
  if (property === undefined) return { command: UNKNOWN, ...NO_LIMIT };
  const rest = omit(own, [property, ...(BESIDE[property] ?? [])]);
  if (property === "env") return { ...rest, env: { [UNNAMED]: UNKNOWN } };
  return ["singleton", "min", "max"].includes(property) ? { ...omit(rest, ["min"]), ...NO_LIMIT } : rest;
}

function omit(from: object, names: readonly (string | undefined)[]): Raw {
  return Object.fromEntries(Object.entries(from).filter(([name]) => !names.includes(name)));
}

function without(raw: Raw, issue: Issue): Raw {
  const [top, entry] = issue.path.map(String);
  if (top === undefined) return issue.code === "unrecognized_keys" ? omit(raw, issue.keys) : raw;
  if (top === "image") return { ...raw, image: UNKNOWN };
  if (!APART.includes(top)) return raw;
  const value = raw[top];
  if ((top !== "scale" && top !== "env") || entry === undefined || typeof value !== "object" || value === null)
    return omit(raw, [top]);
  return { ...raw, [top]: omit(value, [entry]) };
}

function valueAt(root: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>((at, key) => (at as Record<PropertyKey, unknown> | undefined)?.[key], root);
}

/** Paths of entries that no record can have, and that would be passed over silently. */
function unnameableIn(value: unknown, path: readonly string[]): string[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) =>
    key === "__proto__" ? [[...path, key].join(".")] : unnameableIn(inner, [...path, key]),
  );
}
