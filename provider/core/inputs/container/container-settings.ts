import type { ContainerInputs } from "./container-inputs";
import { mountsIn, mountsTogether, type Mount } from "./mounts";
import { entryOf } from "../../values/entry";
import type { Maybe } from "../../values/unknown";
import { parseMemory, type Bytes, type NanoCpus, type Seconds } from "../../values/units";

export interface CheckTimes {
  readonly interval: Seconds;
  readonly timeout: Seconds;
  readonly retries: number;
  readonly startPeriod: Seconds;
}

/** A health check that the engine runs in the container. */
export interface HealthTest extends CheckTimes {
  readonly test: readonly string[];
}

type Named<T> = Readonly<Record<string, T>>;

/**
 * Settings of a container, on their whole way from inputs to engine. One that is absent, or at its default, is left
 * to the image or to the engine. Each has its line in the tables that parse, digest and translate it.
 */
export interface ContainerSettings {
  /** Limits. */
  readonly size?: { readonly cpus?: NanoCpus; readonly memory?: Bytes };
  readonly stopTimeout: Seconds;
  readonly health?: HealthTest;
  readonly entrypoint?: readonly string[];
  readonly user?: Maybe<string>;
  readonly workingDir?: string;
  readonly labels?: Named<Maybe<string>>;
  readonly stopSignal?: string;
  readonly init?: boolean;
  readonly noNewPrivileges?: boolean;
  readonly readOnly?: boolean;
  readonly tmpfs?: readonly Tmpfs[];
  readonly mounts?: readonly Mount[];
  /** In Linux's names, such as `CAP_NET_ADMIN`. */
  readonly capabilities?: { readonly add: readonly string[]; readonly drop: readonly string[] };
  readonly ulimits?: Named<{ readonly soft: number; readonly hard: number }>;
  readonly pidsLimit?: number;
  readonly shmSize?: Bytes;
  readonly sysctls?: Named<string>;
  /** Addresses by name. */
  readonly extraHosts?: Named<Maybe<string>>;
  readonly dns?: readonly string[];
  readonly dnsSearch?: readonly string[];
  readonly dnsOptions?: readonly string[];
  readonly devices?: readonly Device[];
  readonly gpus?: "all" | number | readonly string[];
  readonly logging?: { readonly driver: string; readonly options: Named<Maybe<string>> };
  readonly platform?: string;
}

export type Setting = keyof ContainerSettings;

/** A folder in memory. */
interface Tmpfs {
  readonly target: string;
  readonly size?: Bytes;
  /** Permissions, such as 0o1777. */
  readonly mode?: number;
}

interface Device {
  readonly host: string;
  readonly container: string;
  /** Some of `r`, `w` and `m`. */
  readonly permissions: string;
}

/** A process that takes longer to stop than it says, or than this, is killed. No digest tells of it. */
export const DEFAULT_STOP_TIMEOUT: Seconds = 30;

/** Settings that hold unless inputs say otherwise, where neither image nor engine has the same default. */
export const DEFAULT_SETTINGS = {
  init: true,
  noNewPrivileges: true,
  /** Limit of processes and threads in each container. */
  pidsLimit: 4096,
  logging: { driver: "json-file", options: { "max-size": "10m", "max-file": "3" } },
} as const satisfies Partial<ContainerSettings>;

/** Settings that are given as they are, by name. Those of a process type replace those of the app. */
type Given = Omit<ContainerSettings, "size" | "stopTimeout" | "health">;
type Parsers = { readonly [K in keyof Required<Given>]: (given: NonNullable<ContainerInputs[K]>) => Given[K] };

/** A setting at its default is parsed to `undefined`, as if it were left out. */
const PARSERS: Parsers = {
  entrypoint: (words) => words,
  user: (user) => user,
  workingDir: (path) => path,
  labels: entries,
  stopSignal: (signal) => (/^\d|^SIG/.test(signal) ? signal : `SIG${signal}`),
  init: (init) => init,
  noNewPrivileges: (isOn) => (isOn ? undefined : false),
  readOnly: (isOn) => (isOn ? true : undefined),
  tmpfs: (list) => (list.length === 0 ? undefined : list.map(tmpfsIn)),
  mounts: mountsIn,
  capabilities: ({ add = [], drop = [] }) =>
    add.length + drop.length === 0 ? undefined : { add: add.map(capability), drop: drop.map(capability) },
  ulimits: (all) =>
    entries(
      Object.fromEntries(
        Object.entries(all).map(([name, limit]) => [
          name,
          typeof limit === "number" ? { soft: limit, hard: limit } : limit,
        ]),
      ),
    ),
  pidsLimit: (most) => (most === DEFAULT_SETTINGS.pidsLimit ? undefined : most),
  shmSize: (size) => parseMemory(size),
  sysctls: entries,
  extraHosts: entries,
  dns: some,
  dnsSearch: some,
  dnsOptions: some,
  devices: (list) => (list.length === 0 ? undefined : list.map(deviceIn)),
  gpus: (gpus) => gpus,
  logging: ({ driver, options = {} }) => ({ driver, options }),
  platform: (platform) => platform,
};

type Joiners = { readonly [K in keyof Given]?: (app: never, own: never) => unknown };
const byName = (app: object, own: object) => ({ ...app, ...own });

/** Settings of a type that are added to those of the app, not put in their place. */
const JOINED: Joiners = {
  labels: byName,
  ulimits: byName,
  sysctls: byName,
  extraHosts: byName,
  mounts: mountsTogether,
};

/** Parses the settings of a type beside those of the app; `app` alone serves one-off processes. */
export function settingsIn(app: ContainerInputs, own: ContainerInputs = {}): Given {
  const parsed = (Object.keys(PARSERS) as (keyof Given)[]).map((name) => {
    const given = together(name, app[name], own[name]);
    const parse = PARSERS[name] as (value: unknown) => unknown;
    return [name, given === undefined ? undefined : parse(given)] as const;
  });
  return Object.fromEntries(parsed.filter(([, value]) => value !== undefined));
}

function together(name: keyof Given, app: unknown, own: unknown): unknown {
  const join = JOINED[name] as ((app: unknown, own: unknown) => unknown) | undefined;
  return own === undefined || app === undefined || join === undefined ? (own ?? app) : join(app, own);
}

function entries<T>(all: Named<T>): Named<T> | undefined {
  return Object.keys(all).length === 0 ? undefined : all;
}

function some<T>(list: readonly T[]): readonly T[] | undefined {
  return list.length === 0 ? undefined : list;
}

function capability(name: string): string {
  return name === "ALL" || name.startsWith("CAP_") ? name : `CAP_${name}`;
}

function tmpfsIn(text: string): Tmpfs {
  const [target = "", options = ""] = text.split(":");
  const given = Object.fromEntries(options.split(",").map((pair) => pair.split("=", 2) as [string, string]));
  const [size, mode] = [entryOf(given, "size"), entryOf(given, "mode")];
  return {
    target,
    ...(size === undefined ? {} : { size: parseMemory(size) ?? 0 }),
    ...(mode === undefined ? {} : { mode: Number.parseInt(mode, 8) }),
  };
}

/** Reads `host[:container][:permissions]`. */
function deviceIn(text: string): Device {
  const [host = "", ...rest] = text.split(":");
  const permissions = rest.find((part) => !part.startsWith("/")) ?? "rwm";
  return { host, container: rest.find((part) => part.startsWith("/")) ?? host, permissions };
}
