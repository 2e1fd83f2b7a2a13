import { engineFaults } from "./engine-limits";
import { entryOf } from "../values/entry";
import { lostFaults, RESERVED_ENV } from "../model/environment";
import { compare } from "../values/formation";
import { unaskable } from "../model/health-check";
import type { Inputs } from "../inputs/inputs";
import { APP_NAME, APP_NAME_RULE } from "../values/names";
import { likeNamedFaults } from "./like-named";
import { networkFaults } from "./networks";
import { mountFaults } from "./mounts";
import { orchestratorFaults, settingsBy } from "./orchestrator";
import { readSpec } from "../inputs/parse-spec";
import type { Fallback, ProcessType } from "../inputs/process-type";
import type { Spec } from "../inputs/spec";
import { isKnown } from "../values/unknown";

/**
 * `later`: parts that everything depends on are known only at `up`; `rest` serves to judge the quantities, if they can
 * be.
 */
export type Parsed =
  | { readonly kind: "spec"; readonly spec: Spec }
  /** `rest`: the part that was understood, if it is enough to find faults of the quantities, too. */
  | { readonly kind: "faults"; readonly faults: readonly string[]; readonly rest?: Spec }
  | { readonly kind: "later"; readonly paths: readonly string[]; readonly rest?: Spec };

/** Inputs that could be read, and the paths of those that are known only at `up`. */
interface Declared {
  readonly given: Inputs;
  readonly app: string;
  readonly later: readonly string[];
}

type Guard<T> = (declared: T) => readonly string[];

/** Guards of inputs alone, in the order in which their faults are reported. */
const OF_INPUTS: readonly Guard<Declared>[] = [
  ({ given, later }) => (later.includes("orchestrator") ? [] : orchestratorFaults(given)),
  appFaults,
  reservedFaults,
];

/** Guards of the whole declaration, whatever it is scaled to. */
const OF_SPEC: readonly Guard<Declared & { readonly spec: Spec }>[] = [
  ({ spec }) => likeNamedFaults(spec.types),
  ({ given, spec }) => shellFaults(given, spec.types),
  ({ given, spec }) => spec.types.flatMap((type) => healthFaults(type, given)),
  ({ given, later, spec }) => boundFaults(given, later, spec.types),
  ({ given, spec }) => networkFaults(given, spec.types),
  ({ spec }) => mountFaults(spec),
  ({ given, app, spec }) => engineFaults(given, app, spec.types),
];

/**
 * Parses inputs and asks every guard that needs no quantities.
 *
 * @param name the resource's name: the app's name when `app` is not given
 * @param fallbacks settings of the types in app.json
 */
export function parseSpec(
  raw: Readonly<Record<string, unknown>>,
  name: string,
  fallbacks: Readonly<Record<string, Fallback>> = {},
): Parsed {
  const read = readSpec(raw, name, fallbacks);
  if (read.kind === "faults") return read;
  const { spec, later } = read;
  const faults = [...read.faults, ...OF_INPUTS.flatMap((guard) => guard(read))];
  if (spec === undefined) return faults.length > 0 ? { kind: "faults", faults } : { kind: "later", paths: later };
  faults.push(...OF_SPEC.flatMap((guard) => guard({ ...read, spec })));
  if (faults.length === 0)
    return later.includes("procfile") ? { kind: "later", paths: later, rest: spec } : { kind: "spec", spec };
  const isScalable = spec.types.length > 0 && boundFaults(read.given, later, spec.types).length === 0;
  return { kind: "faults", faults, ...(isScalable ? { rest: spec } : {}) };
}

function appFaults({ app }: Declared): string[] {
  if (APP_NAME.test(app)) return [];
  return [`app is ${JSON.stringify(app)}, the resource's name: give app a name of ${APP_NAME_RULE}`];
}

function reservedFaults({ given }: Declared): string[] {
  return settingsBy(given).flatMap(([root, { env = {} }]) =>
    Object.keys(env)
      .filter((name) => Object.hasOwn(RESERVED_ENV, name))
      .map((name) => `${root}env.${name} is set for every process by Formation: ${RESERVED_ENV[name]}`),
  );
}

function shellFaults(given: Inputs, types: readonly ProcessType[]): string[] {
  const lines = types.filter(({ command }) => typeof command === "string");
  const [first] = lines;
  return [
    ...(first === undefined ? [] : lostFaults(first.name, given.env)),
    ...lines.flatMap(({ name }) => lostFaults(name, entryOf(given.processes ?? {}, name)?.env, `processes.${name}.`)),
  ];
}

/** Refuses a check that cannot be made: it is never assumed to pass. */
function healthFaults(type: ProcessType, given: Inputs): string[] {
  const { headers, path: asked, image, test } = entryOf(given.processes ?? {}, type.name)?.health ?? {};
  const health = `processes.${type.name}.health`;
  if (image !== undefined && test !== undefined)
    return [`${health}.image says whose check it is, but so does ${health}.test: leave one of them out`];
  if (headers !== undefined && asked === undefined)
    return [`${health}.headers has no path to be sent to: give ${health}.path too`];
  if (type.http === undefined) return [];
  const path = `${health}.path`;
  if (type.port === undefined) return [`${path} has no port to ask: give processes.${type.name}.port too`];
  return (given.hosts ?? []).flatMap(({ host }) => (isKnown(host) ? (unaskable(type, host) ?? []) : [])).slice(0, 1);
}

function boundFaults(given: Inputs, later: readonly string[], types: readonly ProcessType[]): string[] {
  return types.flatMap((type) => boundFaultsOf(type, given, later));
}

function boundFaultsOf(
  { name, min, max, singleton, connections }: ProcessType,
  given: Inputs,
  later: readonly string[],
): string[] {
  const known = Object.keys(given.backingServices ?? {}).sort(compare);
  const isOpen = later.some((path) => path.startsWith("backingServices"));
  const strange = isOpen ? [] : Object.keys(connections).filter((service) => !known.includes(service));
  const defined = known.length === 0 ? "none is defined" : `there are ${known.join(", ")}`;
  return [
    ...(min > max ? [`processes.${name}.min is ${min}, but its max is ${max}: lower min, or raise max`] : []),
    ...(singleton && min > 1 ? [`processes.${name}.min is ${min}, but it is a singleton: lower min to 1`] : []),
    ...strange.map(
      (service) => `processes.${name}.connections.${service} is not one of backingServices: ${defined}; add it there`,
    ),
  ];
}
