import { KEY_VARIABLE } from "../model/environment";

/** Fields of lists that are secret whatever the program says. Schema, SDK and adapters go by these two lists alone. */
export const SECRET_FIELDS = {
  hosts: ["caMaterial", "certMaterial", "keyMaterial"],
  registryAuth: ["username", "password"],
} as const;

/** The same as paths, with the inputs that are secret as a whole; `*` is any item. */
export const SECRET_INPUTS: readonly string[] = [
  "env",
  "processes.*.env",
  ...Object.entries(SECRET_FIELDS).flatMap(([list, names]) => names.map((name) => `${list}.*.${name}`)),
];

type Properties = Readonly<Record<string, unknown>>;
/** The name that stands for a secret in a text, and the secret. */
export type Secret = readonly [name: string, value: string];
type Path = readonly string[];

/** A user's name that is shorter may be any word. */
const SHORTEST_USER = 8;

/** The secrets in inputs or outputs, all of which an engine or a process may print. */
export function secretsIn(...all: readonly Properties[]): Secret[] {
  return all.flatMap((properties) => [
    ...SECRET_INPUTS.flatMap((path) => textsAt(properties, path.split("."))),
    ...textsAt(properties, ["__key"]).map(([, value]): Secret => [KEY_VARIABLE, value]),
  ]);
}

function textsAt(value: unknown, [step, ...rest]: Path, name = ""): Secret[] {
  if (step === undefined && typeof value === "string") {
    return name === "username" && value.length < SHORTEST_USER ? [] : [[name, value]];
  }
  if (typeof value !== "object" || value === null) return [];
  if (step === undefined) return Object.entries(value).flatMap(([key, inner]) => textsAt(inner, [], key));
  if (step === "*") return Object.values(value).flatMap((inner) => textsAt(inner, rest, name));
  return Object.hasOwn(value, step) ? textsAt((value as Properties)[step], rest, step) : [];
}

/**
 * Paths of inputs that the program itself has made secret, as the SDK reports them, without those that are secret
 * anyway.
 */
export function declaredSecrets({ __secrets: paths }: Properties): Path[] {
  if (!Array.isArray(paths)) return [];
  const isPath = (one: unknown): one is Path =>
    Array.isArray(one) && one.length > 0 && one.every((step) => typeof step === "string");
  return paths.filter(isPath).filter((path) => !SECRET_INPUTS.some((always) => isWithin(path, always.split("."))));
}

function isWithin(path: Path, pattern: Path): boolean {
  return pattern.every((step, at) => step === "*" || step === path[at]);
}

function holds(value: unknown, [step, ...rest]: Path): boolean {
  if (step === undefined) return value !== undefined;
  if (typeof value !== "object" || value === null) return false;
  const entries = step === "*" ? Object.values(value) : Object.hasOwn(value, step) ? [(value as Properties)[step]] : [];
  return entries.some((inner) => holds(inner, rest));
}

/** Inputs that are, or hold, a secret. */
export function inputsWithSecrets(...all: readonly Properties[]): ReadonlySet<string> {
  const always = SECRET_INPUTS.map((path) => path.split("."));
  const paths = [
    ...always.filter((path) => all.some((properties) => holds(properties, path))),
    ...all.flatMap(declaredSecrets),
  ];
  return new Set(paths.flatMap(([top]) => top ?? []));
}
