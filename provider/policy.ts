import { budgets, type Budget } from "./core/guards/connections";
import type { Formation } from "./core/values/formation";
import { parseDeclared } from "./lifecycle/declared";
import { formationIn, type Properties } from "./core/record/properties";

// For policy packs: an organisation's own rules for every formation, with the numbers that previews print.

/** A formation as it is declared, in a preview as well as at `up`. */
export interface Guarded {
  readonly app: string;
  /** The full formation: a quantity for every process type. */
  readonly formation: Formation;
  /** The types that must never run twice, as the program declares them. */
  readonly singletons: readonly string[];
  /** Connections needed and allowed, by backing service. */
  readonly budgets: Readonly<Record<string, Budget>>;
}

const TYPES: ReadonlySet<string> = new Set(["pulumi-nodejs:dynamic/formation:Formation", "formation:index:Formation"]);
/** All inputs that the numbers depend on: any other may be known only at `up`. */
const NEEDED = ["app", "procfile", "appJson", "processes", "update", "backingServices", "formation"];

/**
 * Reads the numbers of a formation for a policy.
 *
 * @param resource as a policy is given it; its properties may be wrapped, and throw where they are known only at `up`
 * @returns `undefined` for a resource of another type, and for a formation that the provider refuses by itself
 */
export function guarded(resource: {
  readonly type: string;
  readonly name: string;
  readonly props: Properties;
}): Guarded | undefined {
  if (!TYPES.has(resource.type)) return undefined;
  const plain = JSON.stringify(Object.fromEntries(NEEDED.map((key) => [key, resource.props[key]])));
  const properties = { ...(JSON.parse(plain) as Properties), image: "any" };
  const parsed = parseDeclared(properties, resource.name);
  const formation = formationIn(properties);
  if (parsed.kind !== "spec" || formation === undefined) return undefined;
  const { app, types } = parsed.spec;
  const singletons = types.filter((type) => type.singleton).map((type) => type.name);
  return { app, formation, singletons, budgets: budgets(parsed.spec, formation) };
}
