import type * as z from "zod";
import { inputs, type Inputs } from "./inputs";
import { faultsOf, inOurWords } from "./shape";
import { containsUnknown, UNKNOWN } from "./unknown";

/** `faults` beside `given`: what is wrong was left out, so that the faults of the rest can be found in the same go. */
export type Given =
  | { readonly kind: "given"; readonly given: Inputs; readonly faults: readonly string[] }
  | { readonly kind: "faults"; readonly faults: readonly string[] }
  | { readonly kind: "later"; readonly paths: readonly string[] };

type Raw = Readonly<Record<string, unknown>>;
type Issue = z.core.$ZodIssue;

/** Without these, or without an entry of the first two, nothing else becomes wrong. */
const APART = ["scale", "env", "pull", "registryAuth", "network", "maxProcesses", "rebalance", "silence", "takeOver"];

export function readGiven(raw: Raw): Given {
  const unnameable = unnameableIn(raw, []);
  if (unnameable.length > 0)
    return { kind: "faults", faults: unnameable.map((path) => `${path} cannot be a name: give another`) };
  const parsed = inputs.safeParse(raw, { error: inOurWords });
  if (parsed.success) return { kind: "given", given: parsed.data, faults: [] };
  const { issues } = parsed.error;
  const wrong = issues.filter(({ path }) => !containsUnknown(valueAt(raw, path)));
  if (wrong.length === 0) return { kind: "later", paths: issues.map(({ path }) => path.join(".")) };
  const faults = faultsOf({ issues: wrong });
  const rest = inputs.safeParse(wrong.reduce(without, raw));
  return rest.success ? { kind: "given", given: rest.data, faults } : { kind: "faults", faults };
}

function without(raw: Raw, issue: Issue): Raw {
  const [top, entry] = issue.path.map(String);
  const omit = (from: object, names: readonly (string | undefined)[]): Raw =>
    Object.fromEntries(Object.entries(from).filter(([name]) => !names.includes(name)));
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

/** Paths of entries that no record can have, and that would be passed over without a word. */
function unnameableIn(value: unknown, path: readonly string[]): string[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) =>
    key === "__proto__" ? [[...path, key].join(".")] : unnameableIn(inner, [...path, key]),
  );
}
