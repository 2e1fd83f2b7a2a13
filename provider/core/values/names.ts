/** The names of apps, process types, processes and containers. */

// Both sets exclude the dot, so that the parts of `shop.web.1` can never be mistaken for one another.
export const APP_NAME = /^[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])$/;
export const TYPE_NAME = /^[A-Za-z0-9]([A-Za-z0-9_-]{0,61}[A-Za-z0-9])?$/;
/** As much of a text as can be a type's name: a part of other patterns. */
export const TYPE_NAME_WITHIN = /[A-Za-z0-9][A-Za-z0-9_-]*/.source;
export const APP_NAME_RULE = "2 to 40 of a-z, 0-9 and -, not starting or ending with -";
export const TYPE_NAME_RULE = "1 to 63 of a-z, A-Z, 0-9, _ and -, starting and ending with a letter or a digit";

/** The line `release:` of a Procfile is run once per release. It is not a type of the formation. */
export const RELEASE = "release";
/** One-off processes, run once and then removed, are named `run.1`. */
export const ONE_OFF = "run";
/** Names of processes that are run, but are not types of the formation. */
export const RESERVED_TYPES: ReadonlySet<string> = new Set([RELEASE, ONE_OFF]);

/** The reserved name that a type has in whatever case: `Release` was meant as `release`, and must not be scaled. */
export function reservedNameOf(type: string): string | undefined {
  return [...RESERVED_TYPES].find((name) => name === type.toLowerCase());
}

const SINGLETON_NAMES: ReadonlySet<string> = new Set(["clock", "scheduler", "cron", "beat"]);

/** True when a type that does not say so itself must never run twice: `clock`, and `Clock` as well. */
export function isSingletonName(type: string): boolean {
  return SINGLETON_NAMES.has(type.toLowerCase());
}

/** The name of a process: `web.2`. The index may be a template that an orchestrator fills in. */
export function processName(type: string, index: number | string): string {
  return `${type}.${index}`;
}

/** A type's name within host names, which have no `_` and no upper case: `worker-critical` of `Worker_critical`. */
export function hostLabel(type: string): string {
  return type.toLowerCase().replaceAll("_", "-");
}

/** The host name of a process: `worker-critical.2` of `Worker_critical.2`. */
export function hostnameOf(type: string, index: number | string): string {
  return processName(hostLabel(type), index);
}

/** The type in the name of a type or of a process, `web` of `web.2`: a type's name has no dot. */
export function processTypeOf(name: string): string {
  return name.split(".", 1)[0] ?? name;
}

/** True for the name of a type or of a process: `web` or `web.2`. */
export function isTypeOrProcess(name: string): boolean {
  return /^[^.]+(\.[1-9]\d*)?$/.test(name);
}

/**
 * The name of a slot's container: `shop.web.2`. It is the same for all that ever sit there, so that the engine lets
 * only one exist.
 */
export function containerName(app: string, type: string, index: number): string {
  return `${app}.${processName(type, index)}`;
}

/** The name of a slot's former container while its successor has the slot's own: `shop.web.2.old`. */
export function formerName(name: string): string {
  return `${name}.old`;
}

/** True for a label that Formation itself sets. */
export function isOwnLabel(name: string): boolean {
  return name.startsWith("formation.");
}
