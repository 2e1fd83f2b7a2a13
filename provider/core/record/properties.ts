import { canonicalJson } from "../values/digest";
import type { Formation } from "../values/formation";
import type { Outputs } from "./outputs";
import type { Spec } from "../inputs/spec";
import type { RecordedHost } from "./state";

/** Inputs or outputs of the resource, as Pulumi sends them. */
export type Properties = Readonly<Record<string, unknown>>;

/** Inputs that `check` derives from the others. */
const DERIVED = ["formation", "summary"];
const OUTPUTS: Readonly<Record<Exclude<keyof Outputs, "formation" | "summary">, true>> = {
  running: true,
  instances: true,
  endpoints: true,
  backends: true,
  backendsByHost: true,
  budgets: true,
  release: true,
  log: true,
};

const without = (properties: Properties, isLeftOut: (key: string) => boolean): Properties =>
  Object.fromEntries(Object.entries(properties).filter(([key]) => !key.startsWith("__") && !isLeftOut(key)));

/** The inputs that the program declared: without derived, hidden and output properties. */
export function declaredIn(properties: Properties): Properties {
  return without(properties, (key) => DERIVED.includes(key) || Object.hasOwn(OUTPUTS, key));
}

export function inputsDiffer(olds: Properties, news: Properties): boolean {
  const inputs = (properties: Properties) => canonicalJson(without(properties, (key) => Object.hasOwn(OUTPUTS, key)));
  return inputs(olds) !== inputs(news);
}

/** The full formation that `check` made an input; `undefined` while a quantity is unknown. */
export function formationIn(properties: Properties): Formation | undefined {
  const formation = properties["formation"];
  if (typeof formation !== "object" || formation === null) return undefined;
  return Object.values(formation).every((quantity) => typeof quantity === "number")
    ? (formation as Formation)
    : undefined;
}

export function declaredHosts(spec: Spec): readonly RecordedHost[] | undefined {
  return spec.hosts.length === 0 ? undefined : (spec.hosts as readonly RecordedHost[]);
}
