import { hostnameFaults, sharedPortFaults } from "./guards/engine-limits";
import { RELEASE } from "./values/names";
import type { Formation } from "./values/formation";
import { entryOf } from "./values/entry";
import type { ProcessType } from "./inputs/process-type";
import { faultsOf, quantity } from "./inputs/shape";
import type { Spec } from "./inputs/spec";
import { TRAITS } from "./inputs/traits";
import { isKnown, UNKNOWN, type Maybe } from "./values/unknown";

/**
 * Origin of a quantity: `scale` in the program, stack config, an operator's `formation scale` that the state remembers,
 * the formation as it was, app.json, or a first-run default.
 */
export type Source = "code" | "config" | "scaled" | "kept" | "app.json" | "default";

/** Quantities that an operator has set; `null` for a type that has left since. */
export type Scaled = Readonly<Record<string, number | null>>;

/** The full formation, with the origin of each number, and every fault found on the way. */
export interface Resolution {
  readonly formation: Readonly<Record<string, Maybe<number>>>;
  readonly sources: Readonly<Record<string, Source>>;
  readonly faults: readonly string[];
  /** Quantities that the program gives, for types that have another one. */
  readonly instead: Formation;
  /** Types that stack config names although the app has them no more. */
  readonly left: readonly string[];
}

/**
 * Resolves `scale`, which names only the types it changes, to a quantity for every type.
 *
 * @param previous the formation as it was last declared; `undefined` for a new app
 * @param config this app's entry of the stack config `formation:scale`, as it came
 */
export function resolveScale(
  spec: Spec,
  previous: Formation | undefined,
  config: object = {},
  scaled: Scaled = {},
): Resolution {
  const faults: string[] = [];
  const path = `formation:scale.${spec.app}`;
  faults.push(...unknownTypes("scale", spec.scale, spec));
  const overrides = configScale(config, path, faults);
  const known = new Set(spec.types.map((type) => type.name));
  const wasThere = (type: string) => Object.hasOwn(scaled, type) || entryOf(previous, type) !== undefined;
  const isOpen = spec.later.includes("procfile");
  const left = isOpen ? [] : Object.keys(overrides).filter((type) => !known.has(type) && wasThere(type));
  const others = Object.fromEntries(Object.entries(overrides).filter(([type]) => !left.includes(type)));
  faults.push(
    ...unknownTypes(
      path,
      others,
      spec,
      (type) => `; correct it, or take it away with pulumi config rm --path ${path}.${type}`,
    ),
  );

  const formation: Record<string, Maybe<number>> = {};
  const sources: Record<string, Source> = {};
  const instead: Record<string, number> = {};
  for (const { name, initial, min } of spec.types) {
    const isNew = previous === undefined || !Object.hasOwn(previous, name);
    const [value, source] = first(
      [entryOf(overrides, name), "config"],
      [entryOf(scaled, name) ?? undefined, "scaled"],
      [entryOf(spec.scale, name), "code"],
      [isNew ? undefined : previous[name], "kept"],
      [initial, "app.json"],
      [Math.max(min, previous === undefined && name === "web" ? 1 : 0), "default"],
    );
    formation[name] = value;
    sources[name] = source;
    const program = entryOf(spec.scale, name);
    if (typeof program === "number" && program !== value) instead[name] = program;
  }
  // The number of a Swarm's nodes is not known here; its routing mesh shares a port between any number of processes.
  const isAnyNumber = TRAITS[spec.orchestrator].placesItself || spec.later.includes("hosts");
  const hosts = isAnyNumber ? Infinity : Math.max(1, spec.hosts.length);
  for (const type of spec.types)
    faults.push(...quantityFaults(type, formation[type.name] ?? 0, sources[type.name] === "config", hosts));
  faults.push(...sharedPortFaults(spec.types, formation, hosts), ...sumFaults(spec, formation));
  return { formation, sources, faults, instead, left };
}

/** The warning about an entry of stack config that is passed over, with the way to be rid of it. */
export function leftText(type: string, app: string): string {
  const why = `${app} has no process type ${type} any more`;
  return `formation:scale.${app}.${type} is passed over: ${why}; formation scale --reset ${type} takes it away`;
}

function unknownTypes(path: string, scale: object, spec: Spec, hint = (_type: string) => ""): string[] {
  // A Procfile that is known later may have any type.
  if (spec.later.includes("procfile")) return [];
  const known = spec.types.map(({ name }) => name);
  return Object.keys(scale)
    .filter((type) => !known.includes(type))
    .map((type) =>
      type === RELEASE
        ? `${path}.release is not a type of the formation: the release command is run once per release and never scaled`
        : `${path}.${type} is not a process type of ${spec.app}: it has ${known.join(", ")}${hint(type)}`,
    );
}

function first(...candidates: [Maybe<number> | undefined, Source][]): [Maybe<number>, Source] {
  const found = candidates.find(([value]) => value !== undefined);
  return [found?.[0] ?? 0, found?.[1] ?? "default"];
}

function configScale(config: object, path: string, faults: string[]): Record<string, number> {
  return Object.fromEntries(
    Object.entries(config).flatMap(([type, given]) => {
      const parsed = quantity.safeParse(given);
      if (parsed.success) return [[type, parsed.data]];
      faults.push(...faultsOf(parsed.error, `${path}.${type}`));
      return [];
    }),
  );
}

function quantityFaults(type: ProcessType, wanted: Maybe<number>, fromConfig: boolean, hosts: number): string[] {
  if (!isKnown(wanted)) return [];
  const path = `${fromConfig ? "formation:scale" : "scale"}: ${type.name}`;
  if (type.singleton && wanted > 1) {
    const declared = `processes.${type.name}.singleton: false`;
    return [
      `${path} is a singleton: asked for ${wanted}, at most 1 may run; scale it to 1, or set ${declared} if two may run at once`,
    ];
  }
  const allowed = `${path} is scaled to ${wanted}, ${type.min} to ${type.max} are allowed`;
  if (wanted < type.min) return [`${allowed}: scale it to ${type.min}, or lower processes.${type.name}.min`];
  if (wanted > type.max) return [`${allowed}: scale it to ${type.max}, or raise processes.${type.name}.max`];
  const tooLong = hostnameFaults(type, wanted);
  if (tooLong.length > 0) return tooLong;
  if (type.bind.port !== undefined && wanted > hosts) {
    const bind = `processes.${type.name}.bind`;
    return [
      `${bind} fixes host port ${type.bind.port}, which only one process can have on a host, but ${type.name} is scaled to ${wanted} on ${hosts === 1 ? "one host" : `${hosts} hosts`}: leave the port out of bind, or scale ${type.name} to ${hosts}`,
    ];
  }
  return [];
}

function sumFaults({ maxProcesses, types }: Spec, formation: Resolution["formation"]): string[] {
  const known = types.flatMap(({ name }) => {
    const quantity = formation[name];
    return typeof quantity === "number" ? [quantity] : [];
  });
  const sum = known.reduce((total, quantity) => total + quantity, 0);
  if (sum <= maxProcesses) return [];
  return [
    `maxProcesses is ${maxProcesses}, but the formation has ${sum} processes: scale a type down, or raise maxProcesses`,
  ];
}

/** The formation without its unknowns; `undefined` while there is one. */
export function settled(formation: Resolution["formation"]): Formation | undefined {
  return Object.values(formation).includes(UNKNOWN) ? undefined : (formation as Formation);
}
