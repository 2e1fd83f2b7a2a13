import { entryOf } from "../values/entry";
import { compare, typeOrder } from "../values/formation";
import { DEFAULT_STOP_TIMEOUT, settingsIn } from "./container/container-settings";
import { appNetworks } from "./container/networks";
import { parseInputs } from "./parse-inputs";
import type { Inputs } from "./inputs";
import { isTypeOrProcess, processTypeOf, RELEASE, reservedNameOf, TYPE_NAME, TYPE_NAME_RULE } from "../values/names";
import { optional, processType, seconds, type Command, type Fallback, type ProcessType } from "./process-type";
import { parseProcfile } from "./procfile";
import type { Spec } from "./spec";
import type { Seconds } from "../values/units";
import { UNKNOWN, type Maybe } from "../values/unknown";

/** Inputs, as far as they could be read. Without `spec`, the parts that all else depends on are known only at `up`. */
export type Read =
  | {
      readonly kind: "read";
      readonly given: Inputs;
      readonly app: string;
      readonly spec?: Spec;
      readonly faults: readonly string[];
      readonly later: readonly string[];
    }
  | { readonly kind: "faults"; readonly faults: readonly string[] };

/** The time that Heroku gives its release phase. */
const DEFAULT_RELEASE_TIMEOUT: Seconds = 3600;

/**
 * Parses inputs; the guards judge whether they make sense.
 *
 * @param name the resource's name: the app's name when `app` is not given
 * @param fallbacks settings of the types in app.json
 */
export function readSpec(
  raw: Readonly<Record<string, unknown>>,
  name: string,
  fallbacks: Readonly<Record<string, Fallback>>,
): Read {
  const read = parseInputs(raw);
  if (read.kind !== "given") return read;
  const { given } = read;
  const later = [...read.later, ...(["procfile", "appJson"] as const).filter((key) => given[key] === UNKNOWN)];
  const app = given.app ?? name;
  const faults = [...read.faults];
  const isOpen = ["app", "orchestrator", "processes"].some((key) => later.includes(key));
  if (isOpen) return { kind: "read", given, app, faults, later };
  const { types, release } = parseTypes(given, fallbacks, faults);
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
    settings: { ...settingsIn(given), stopTimeout: DEFAULT_STOP_TIMEOUT },
    secretsAsFiles: [...new Set(given.secretsAsFiles)].sort(compare),
    networks: appNetworks(given),
    ...(release === undefined
      ? {}
      : { release: { command: release, timeout: seconds(given.releasePhase?.timeout, DEFAULT_RELEASE_TIMEOUT) } }),
    hosts: given.hosts ?? [],
    ...optional("rebalance", given.rebalance),
    abandonedNodes: given.abandonedNodes ?? [],
    later,
  };
  return { kind: "read", given, app, spec, faults, later };
}

function unknownScale(types: readonly ProcessType[]): Spec["scale"] {
  return Object.fromEntries(types.map(({ name }) => [name, UNKNOWN]));
}

/** Stands for an app.json that is not known yet, and so refuses nothing. */
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
  // A Procfile that is not known yet must have the types that are scaled.
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
  const networks = appNetworks(given);
  const types = names.map((name) => {
    const own = entryOf(settings, name) ?? {};
    const command = own.command ?? commands.get(name);
    faults.push(...typeFaults(name, own, command, commands));
    return processType(name, command, own, {
      image: given.image,
      container: given,
      networks,
      env: given.env,
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
  const reserved = reservedNameOf(name);
  if (reserved === RELEASE) {
    faults.push(
      `processes.${name} reads as ${RELEASE}, which is run once per release: write ${RELEASE}, or choose another name`,
    );
  } else if (reserved !== undefined) {
    faults.push(`processes.${name} is reserved for one-off processes: choose another name`);
  } else if (!TYPE_NAME.test(name)) {
    faults.push(`processes.${name} is not a process type's name: use ${TYPE_NAME_RULE}`);
  } else if (command === undefined && commands.size > 0) {
    // Beside a Procfile, a name without a line is most probably misspelled.
    const known = [...commands.keys()].join(", ");
    faults.push(`processes.${name} has no command: the Procfile defines ${known}; add one, or correct the name`);
  }
  if (own.bind !== undefined && own.port === undefined) {
    faults.push(`processes.${name}.bind has no port to publish: give processes.${name}.port too`);
  }
  return faults;
}
