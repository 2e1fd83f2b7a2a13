import type { BackingService } from "./budget";
import { compare, typeOrder } from "./formation";
import { engineFaults } from "./engine-limits";
import { readGiven } from "./given";
import type { Inputs } from "./inputs";
import {
  APP_NAME,
  APP_NAME_RULE,
  isTypeOrProcess,
  processTypeOf,
  RELEASE,
  RESERVED_TYPES,
  TYPE_NAME,
  TYPE_NAME_RULE,
} from "./names";
import {
  optional,
  processType,
  seconds,
  type Command,
  type Fallback,
  type Orchestrator,
  type ProcessType,
} from "./process-type";
import { orchestratorFaults } from "./orchestrators";
import { parseProcfile } from "./procfile";
import { lostFaults, RESERVED_ENV } from "./environment";
import { entryOf } from "./entry";
import { unaskable } from "./health-check";
import { containsUnknown, isKnown, UNKNOWN, type Maybe } from "./unknown";
import type { Seconds } from "./units";

/** Everything that was declared, parsed and complete. */
export interface Spec {
  readonly app: string;
  readonly orchestrator: Orchestrator;
  /** The identity of a formation of which the state was lost. */
  readonly takeOver?: string;
  readonly image: Maybe<string>;
  readonly pull: Pull;
  readonly registryAuth: readonly RegistryAuth[];
  /** `web` first, then in the order of the Procfile, then by name. */
  readonly types: readonly ProcessType[];
  readonly scale: Readonly<Record<string, Maybe<number>>>;
  /** The largest number of processes of all types together. */
  readonly maxProcesses: number;
  readonly backingServices: readonly BackingService[];
  readonly silence: readonly string[];
  readonly env: Readonly<Record<string, Maybe<string>>>;
  /** Variables of `env` that processes get as files. */
  readonly secretsAsFiles: readonly string[];
  readonly network?: Maybe<string>;
  /** Run once per release, before any process is touched. */
  readonly release?: { readonly command: Maybe<Command>; readonly timeout: Seconds };
  /** As declared; empty when the engine is to be found in the surroundings. */
  readonly hosts: readonly DeclaredHost[];
  readonly rebalance?: Maybe<string>;
  /** Swarm nodes that a person vouches for being off. */
  readonly abandonedNodes: readonly string[];
  /** Paths of inputs that are known only at `up`, and of which nothing else here tells. */
  readonly later: readonly string[];
}

export type Pull = "missing" | "always" | "never";

export interface RegistryAuth {
  readonly address: string;
  readonly username: Maybe<string>;
  readonly password: Maybe<string>;
}

export type DeclaredHost = NonNullable<Inputs["hosts"]>[number];

/** `later`: parts that everything hangs on are known only at `up`; `rest` tells of the quantities, if anything can. */
export type Parsed =
  | { readonly kind: "spec"; readonly spec: Spec }
  /** `rest`: what was understood nevertheless, if that is enough to find faults of the quantities, too. */
  | { readonly kind: "faults"; readonly faults: readonly string[]; readonly rest?: Spec }
  | { readonly kind: "later"; readonly paths: readonly string[]; readonly rest?: Spec };

/** As long as Heroku gives its release phase. */
const DEFAULT_RELEASE_TIMEOUT: Seconds = 3600;

/**
 * @param name the resource's name: the app's name when `app` is not given
 * @param fallbacks what app.json says of the types
 */
export function parseSpec(
  raw: Readonly<Record<string, unknown>>,
  name: string,
  fallbacks: Readonly<Record<string, Fallback>> = {},
): Parsed {
  const read = readGiven(raw);
  if (read.kind !== "given") return read;
  const { given } = read;
  const later = [...read.later, ...(["procfile", "appJson"] as const).filter((key) => given[key] === UNKNOWN)];
  const faults = [...read.faults, ...(later.includes("orchestrator") ? [] : orchestratorFaults(given))];
  const app = given.app ?? name;
  if (!APP_NAME.test(app))
    faults.push(`app is ${JSON.stringify(app)}, the resource's name: give app a name of ${APP_NAME_RULE}`);
  for (const reserved of Object.keys(given.env ?? {}).filter((key) => Object.hasOwn(RESERVED_ENV, key))) {
    faults.push(`env.${reserved} is set for every process by Formation: ${RESERVED_ENV[reserved]}`);
  }
  // Nothing more can be told.
  const base = ["app", "orchestrator", "processes"].filter((key) => later.includes(key));
  if (base.length > 0) return faults.length > 0 ? { kind: "faults", faults } : { kind: "later", paths: later };
  const { types, release } = parseTypes(given, fallbacks, faults);
  const line = types.find(({ command }) => typeof command === "string" && command !== "");
  faults.push(...(line === undefined ? [] : lostFaults(line.name, given.env)));
  const bounds = types.flatMap((type) => boundFaults(type, given, later));
  faults.push(...types.flatMap((type) => healthFaults(type, given)), ...bounds, ...engineFaults(given, app, types));
  const spec: Spec = {
    app,
    orchestrator: given.orchestrator ?? "docker",
    ...optional("takeOver", given.takeOver),
    image: given.image,
    pull: given.pull ?? "missing",
    registryAuth: given.registryAuth ?? [],
    types,
    scale: given.scale === UNKNOWN ? unknownScale(types) : ((given.scale as Spec["scale"] | undefined) ?? {}),
    maxProcesses: given.maxProcesses ?? Infinity,
    backingServices: Object.entries(given.backingServices ?? {})
      .sort(([a], [b]) => compare(a, b))
      .map(([name, { maxConnections, reserve = 0, policy = "refuse" }]) => ({
        name,
        maxConnections,
        reserve,
        policy,
      })),
    silence: given.silence ?? [],
    env: given.env ?? {},
    secretsAsFiles: [...new Set(given.secretsAsFiles)].sort(compare),
    ...optional("network", given.network),
    ...(release === undefined
      ? {}
      : { release: { command: release, timeout: seconds(given.releasePhase?.timeout, DEFAULT_RELEASE_TIMEOUT) } }),
    hosts: given.hosts ?? [],
    ...optional("rebalance", given.rebalance),
    abandonedNodes: given.abandonedNodes ?? [],
    later,
  };
  if (faults.length === 0)
    return later.includes("procfile") ? { kind: "later", paths: later, rest: spec } : { kind: "spec", spec };
  return { kind: "faults", faults, ...(types.length === 0 || bounds.length > 0 ? {} : { rest: spec }) };
}

function unknownScale(types: readonly ProcessType[]): Spec["scale"] {
  return Object.fromEntries(types.map(({ name }) => [name, UNKNOWN]));
}

/** An app.json that is not known yet refuses nothing. */
const ANY_NUMBER: Fallback = { max: 10_000 };

interface Types {
  readonly types: readonly ProcessType[];
  readonly release: Maybe<Command> | undefined;
}

function parseTypes(given: Inputs, fallbacks: Readonly<Record<string, Fallback>>, faults: string[]): Types {
  const procfile = parseProcfile(typeof given.procfile === "string" ? given.procfile : "", "procfile");
  if (!procfile.ok) {
    faults.push(...procfile.faults);
    return { types: [], release: undefined };
  }
  const settings = given.processes ?? {};
  // Of a Procfile that is not known yet, the types that are scaled must be in it.
  const isOpen = given.procfile === UNKNOWN;
  const scaled = isOpen && typeof given.scale === "object" ? Object.keys(given.scale) : [];
  const commands: ReadonlyMap<string, Maybe<string>> = isOpen
    ? new Map([...scaled, ...Object.keys(settings)].map((name) => [name, UNKNOWN]))
    : procfile.commands;
  const names = typeOrder(commands.keys(), Object.keys(settings)).filter((type) => type !== RELEASE);
  if (names.length === 0 && !isOpen)
    faults.push("procfile and processes define no process type: add one, such as web: npm start");
  if (RELEASE in settings)
    faults.push("processes.release is reserved for the command run once per release: give it as releasePhase.command");
  const restarted = isOpen ? [] : Object.keys(given.restartedAt ?? {});
  for (const name of restarted.filter((name) => !names.includes(processTypeOf(name))))
    faults.push(`restartedAt.${name} is not a process type: there are ${names.join(", ")}`);
  for (const name of restarted.filter((name) => names.includes(processTypeOf(name)) && !isTypeOrProcess(name)))
    faults.push(`restartedAt.${name} is not a process: give a type, or a process such as ${processTypeOf(name)}.2`);
  const types = names.map((name) => {
    const own = entryOf(settings, name) ?? {};
    const command = own.command ?? commands.get(name);
    faults.push(...typeFaults(name, own, command, commands));
    return processType(name, command ?? "", own, {
      update: given.update,
      restartedAt: given.restartedAt,
      fallback: given.appJson === UNKNOWN ? ANY_NUMBER : entryOf(fallbacks, name),
      orchestrator: given.orchestrator ?? "docker",
    });
  });
  return { types, release: given.releasePhase?.command ?? commands.get(RELEASE) };
}

function typeFaults(
  name: string,
  own: NonNullable<Inputs["processes"]>[string],
  command: Maybe<Command> | undefined,
  commands: ReadonlyMap<string, unknown>,
): string[] {
  const faults: string[] = [];
  if (RESERVED_TYPES.has(name)) {
    faults.push(`processes.${name} is reserved for one-off processes: choose another name`);
  } else if (!TYPE_NAME.test(name)) {
    faults.push(`processes.${name} is not a process type's name: use ${TYPE_NAME_RULE}`);
  } else if (command === undefined) {
    const known =
      commands.size === 0 ? "there is no Procfile" : `the Procfile defines ${[...commands.keys()].join(", ")}`;
    faults.push(`processes.${name} has no command: ${known}; add one, or correct the name`);
  }
  if (own.bind !== undefined && own.port === undefined) {
    faults.push(`processes.${name}.bind has no port to publish: give processes.${name}.port too`);
  }
  return faults;
}

/** A check that cannot be made is refused, never assumed to pass. */
function healthFaults(type: ProcessType, given: Inputs): string[] {
  const { headers, path: asked } = entryOf(given.processes ?? {}, type.name)?.health ?? {};
  const health = `processes.${type.name}.health`;
  if (headers !== undefined && asked === undefined)
    return [`${health}.headers has no path to be sent to: give ${health}.path too`];
  if (type.http === undefined) return [];
  const path = `${health}.path`;
  if (type.port === undefined) return [`${path} has no port to ask: give processes.${type.name}.port too`];
  return (given.hosts ?? []).flatMap(({ host }) => (isKnown(host) ? (unaskable(type, host) ?? []) : [])).slice(0, 1);
}

function boundFaults(
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

/** Whether everything that a container is made of is known. */
export function isComplete(spec: Spec): boolean {
  if (spec.later.length > 0) return false;
  return !containsUnknown([
    spec.image,
    spec.types,
    spec.env,
    spec.network,
    spec.release,
    spec.hosts,
    spec.registryAuth,
  ]);
}

/** The app's own order of types. */
export function orderOf(spec: Spec): string[] {
  return spec.types.map((type) => type.name);
}
