import { parseBind, type Bind } from "./addresses";
import { faultsOf, inputs, type Inputs } from "./inputs";
import { APP_NAME, APP_NAME_RULE, isSingletonName, RELEASE, TYPE_NAME, TYPE_NAME_RULE } from "./names";
import { compare, sortTypes } from "./formation";
import { parseProcfile } from "./procfile";
import { RESERVED_ENV } from "./environment";
import { containsUnknown, isKnown, UNKNOWN, type Maybe } from "./unknown";
import { parseCpus, parseDuration, parseMemory, type Bytes, type NanoCpus, type Seconds } from "./units";

/** A line for `/bin/sh`, or the words of a program and its arguments. */
export type Command = string | readonly string[];

export interface ProcessType {
  readonly name: string;
  readonly command: Maybe<Command>;
  readonly port?: number;
  readonly bind: Bind;
  readonly cpus?: NanoCpus;
  readonly memory?: Bytes;
  readonly stopTimeout: Seconds;
  readonly singleton: boolean;
  readonly max: number;
}

/** Everything that was declared, parsed and complete: what follows never meets a default or a spelling again. */
export interface Spec {
  readonly app: string;
  readonly image: Maybe<string>;
  /** `web` first, then in the order of the Procfile, then by name. */
  readonly types: readonly ProcessType[];
  readonly scale: Readonly<Record<string, Maybe<number>>>;
  readonly env: Readonly<Record<string, Maybe<string>>>;
  readonly network?: Maybe<string>;
  /** How long a new process must run before it counts as started. */
  readonly monitor: Seconds;
  /** As declared; empty when the engine is to be found in the surroundings. */
  readonly hosts: readonly DeclaredHost[];
}

export interface DeclaredHost {
  readonly name?: string;
  readonly host: Maybe<string>;
}

/** `later`: parts that everything hangs on are known only at `up`. */
export type Parsed =
  | { readonly kind: "spec"; readonly spec: Spec }
  | { readonly kind: "faults"; readonly faults: readonly string[] }
  | { readonly kind: "later"; readonly paths: readonly string[] };

const DEFAULT_STOP_TIMEOUT: Seconds = 30;
const DEFAULT_MONITOR: Seconds = 5;
const DEFAULT_MAX = 100;

/** @param name the resource's name: the app's name when `app` is not given */
export function parseSpec(raw: Readonly<Record<string, unknown>>, name: string): Parsed {
  const parsed = inputs.safeParse(raw);
  if (!parsed.success) {
    const isLater = (issue: { readonly path: readonly PropertyKey[] }) => containsUnknown(valueAt(raw, issue.path));
    const faults = faultsOf({ issues: parsed.error.issues.filter((issue) => !isLater(issue)) });
    if (faults.length > 0) return { kind: "faults", faults };
    return { kind: "later", paths: parsed.error.issues.map((issue) => issue.path.join(".")) };
  }
  const given = parsed.data;
  const later = (["procfile", "scale"] as const).filter((key) => given[key] === UNKNOWN);
  if (later.length > 0) return { kind: "later", paths: later };

  const faults: string[] = [];
  const app = given.app ?? name;
  if (!APP_NAME.test(app))
    faults.push(`app is ${JSON.stringify(app)}, the resource's name: give app a name of ${APP_NAME_RULE}`);
  for (const reserved of Object.keys(given.env ?? {}).filter((key) => key in RESERVED_ENV)) {
    faults.push(`env.${reserved} is set for every process by Formation: ${RESERVED_ENV[reserved]}`);
  }
  const types = parseTypes(given, faults);
  if (faults.length > 0) return { kind: "faults", faults };
  return {
    kind: "spec",
    spec: {
      app,
      image: given.image,
      types,
      scale: (given.scale as Spec["scale"] | undefined) ?? {},
      env: given.env ?? {},
      ...(given.network === undefined ? {} : { network: given.network }),
      monitor: seconds(given.update?.monitor) ?? DEFAULT_MONITOR,
      hosts: (given.hosts ?? []).map(({ name, host }) => (name === undefined ? { host } : { name, host })),
    },
  };
}

function parseTypes(given: Inputs, faults: string[]): ProcessType[] {
  const procfile = parseProcfile(typeof given.procfile === "string" ? given.procfile : "", "procfile");
  if (!procfile.ok) {
    faults.push(...procfile.faults);
    return [];
  }
  const settings = given.processes ?? {};
  const commands = procfile.commands;
  const ordered = [...commands.keys(), ...Object.keys(settings).sort(compare)].filter((type) => type !== RELEASE);
  const names = sortTypes(new Set(ordered), ["web", ...ordered]);
  if (names.length === 0) faults.push("procfile and processes define no process type: add one, such as web: npm start");
  if (RELEASE in settings)
    faults.push("processes.release is reserved for the command run once per release: choose another name");
  return names.flatMap((name) => {
    const own = settings[name] ?? {};
    const command = own.command ?? commands.get(name);
    if (!TYPE_NAME.test(name)) {
      faults.push(`processes.${name} is not a process type's name: use ${TYPE_NAME_RULE}`);
    } else if (command === undefined) {
      const known =
        commands.size === 0 ? "there is no Procfile" : `the Procfile defines ${[...commands.keys()].join(", ")}`;
      faults.push(`processes.${name} has no command: ${known}; add one, or correct the name`);
    }
    if (own.bind !== undefined && own.port === undefined) {
      faults.push(`processes.${name}.bind has no port to publish: give processes.${name}.port too`);
    }
    return [processType(name, command ?? "", own)];
  });
}

function processType(
  name: string,
  command: Maybe<Command>,
  own: NonNullable<Inputs["processes"]>[string],
): ProcessType {
  return {
    name,
    command,
    ...optional("port", own.port),
    bind: parseBind(own.bind ?? "") ?? { address: "127.0.0.1" },
    ...optional("cpus", own.size?.cpus === undefined ? undefined : parseCpus(own.size.cpus)),
    ...optional("memory", own.size?.memory === undefined ? undefined : parseMemory(own.size.memory)),
    stopTimeout: seconds(own.stopTimeout) ?? DEFAULT_STOP_TIMEOUT,
    singleton: own.singleton ?? isSingletonName(name),
    max: own.max ?? DEFAULT_MAX,
  };
}

const seconds = (given: string | number | undefined) => (given === undefined ? undefined : parseDuration(given));

function optional<K extends string, V>(key: K, value: V | undefined): { readonly [P in K]?: V } {
  return value === undefined ? {} : ({ [key]: value } as { readonly [P in K]?: V });
}

function valueAt(root: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>((at, key) => (at as Record<PropertyKey, unknown> | undefined)?.[key], root);
}

/** Whether everything that a container is made of is known. */
export function isComplete(spec: Spec): boolean {
  return (
    !containsUnknown([spec.image, spec.types, spec.env, spec.network]) && spec.hosts.every(({ host }) => isKnown(host))
  );
}
