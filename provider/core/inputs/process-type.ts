import { parseBind, type Bind } from "../values/addresses";
import type { ContainerInputs } from "./container/container-inputs";
import {
  DEFAULT_STOP_TIMEOUT,
  settingsIn,
  type CheckTimes,
  type ContainerSettings,
  type HealthTest,
} from "./container/container-settings";
import { ownVolumes } from "./container/mounts";
import { isSingletonName } from "../values/names";
import { entryOf } from "../values/entry";
import { networksIn, type Network } from "./container/networks";
import type { UpdateInputs, ProcessInputs } from "./process-inputs";
import { TRAITS, type Orchestrator } from "./traits";
import type { Maybe } from "../values/unknown";
import { parseCpus, parseDuration, parseMemory, type Bytes, type NanoCpus, type Seconds } from "../values/units";

/** A line for `/bin/sh`, or the words of a program and its arguments. */
export type Command = string | readonly string[];

/** A process type as it was declared, complete: later code meets neither a default nor another spelling. */
export interface ProcessType {
  readonly name: string;
  /** Absent for the image's own. */
  readonly command?: Maybe<Command>;
  readonly port?: number;
  readonly bind: Bind;
  readonly image: Maybe<string>;
  readonly settings: ContainerSettings;
  readonly networks: readonly Network[];
  /** Variables of the app and of the type. */
  readonly env: Readonly<Record<string, Maybe<string>>>;
  /** CPUs and memory that each process must find free on its host. */
  readonly reserved: { readonly cpus: NanoCpus; readonly memory: Bytes };
  /** Labels that a host must have. */
  readonly placement: Readonly<Record<string, string>>;
  /** A label of Swarm nodes to spread over. */
  readonly spread?: string;
  readonly publishMode: "ingress" | "host";
  readonly singleton: boolean;
  /** True when a Swarm may move the singleton by itself. */
  readonly failover: boolean;
  /** The quantity of a first deployment that does not name the type. */
  readonly initial?: number;
  readonly min: number;
  readonly max: number;
  /** The maximum as declared, for lists of all slots that there may be. */
  readonly declaredMax?: number;
  /** Connections that each process holds, by backing service. */
  readonly connections: Readonly<Record<string, number>>;
  /** Longest time of one job, for advice only. */
  readonly jobTimeout?: Seconds;
  /** Values as declared, which may differ from those that apply: for advice only. */
  readonly declaredSingleton?: boolean;
  readonly declaredOrder?: string;
  readonly update: UpdatePolicy;
  readonly http?: HttpCheck;
  /** True when the image's own health check judges its processes, unless `settings.health` does. */
  readonly imageCheck: boolean;
  /** Texts that restart all processes of the type, or a single one by index, when they change. */
  readonly restartedAt?: Maybe<string>;
  readonly restarts: Readonly<Record<number, Maybe<string>>>;
}

/** Usage of limited things by one process of a type. */
export type Shares = Pick<ProcessType, "connections" | "reserved">;

/** Rules for replacing processes, in Docker's and Swarm's words. */
export interface UpdatePolicy {
  readonly order: "start-first" | "stop-first";
  /** Number of processes replaced at a time; a quarter of them when absent. */
  readonly parallelism?: number;
  readonly delay: Seconds;
  readonly monitor: Seconds;
  readonly failureAction: "rollback" | "pause";
}

/** A health check that we make over HTTP. */
export interface HttpCheck extends CheckTimes {
  readonly path: string;
  /** The status that the answer must have; any from 200 to 399 when absent. */
  readonly status?: number;
  readonly headers?: Readonly<Record<string, Maybe<string>>>;
}

/** Settings of a type in app.json; those of the program come first. */
export interface Fallback {
  readonly initial?: number;
  readonly memory?: Bytes;
  readonly parallelism?: number;
  readonly min?: number;
  readonly max?: number;
}

interface Shared {
  readonly image: Maybe<string>;
  readonly container: ContainerInputs;
  readonly networks: readonly Network[];
  readonly env: Readonly<Record<string, Maybe<string>>> | undefined;
  readonly update: UpdateInputs | undefined;
  /** Restarts by type, and by process. */
  readonly restartedAt: Readonly<Record<string, Maybe<string>>> | undefined;
  readonly fallback: Fallback | undefined;
  readonly orchestrator: Orchestrator;
}

const DEFAULT_MAX = 100;

export function processType(
  name: string,
  command: Maybe<Command> | undefined,
  own: ProcessInputs,
  shared: Shared,
): ProcessType {
  const { health } = own;
  const { fallback = {} } = shared;
  const singleton = own.singleton === undefined ? isSingletonName(name) : own.singleton !== false;
  const bind = parseBind(own.bind ?? "") ?? { address: "127.0.0.1" };
  const publishMode = own.publishMode ?? TRAITS[shared.orchestrator].publishMode;
  const settings: ContainerSettings = {
    ...settingsIn(shared.container, own),
    ...optional("size", sizeIn(own.size, fallback)),
    stopTimeout: seconds(own.stopTimeout, DEFAULT_STOP_TIMEOUT),
    ...optional("health", healthTestIn(health)),
  };
  // An orchestrator that places processes itself would wait for ever for a port that the predecessor holds.
  const holdsPort = TRAITS[shared.orchestrator].placesItself && bind.port !== undefined && publishMode === "host";
  return {
    name,
    ...optional("command", command),
    ...optional("port", own.port),
    bind,
    image: own.image ?? shared.image,
    settings,
    networks: own.networks === undefined ? shared.networks : networksIn(own.networks),
    env: { ...shared.env, ...own.env },
    reserved: reservedIn(own.reservation ?? {}),
    placement: own.placement?.labels ?? {},
    ...optional("spread", own.placement?.spread),
    publishMode,
    singleton,
    failover: own.singleton === "failover",
    ...optional("initial", fallback.initial),
    min: own.min ?? fallback.min ?? 0,
    max: own.max ?? fallback.max ?? DEFAULT_MAX,
    ...optional("declaredMax", singleton ? 1 : (own.max ?? fallback.max)),
    connections: own.connections ?? {},
    ...optional("jobTimeout", own.jobTimeout === undefined ? undefined : parseDuration(own.jobTimeout)),
    ...optional("declaredSingleton", own.singleton === undefined ? undefined : singleton),
    ...optional("declaredOrder", own.update?.order),
    update: updatePolicy(
      { parallelism: fallback.parallelism, ...shared.update, ...own.update },
      singleton || holdsPort || ownVolumes(settings).length > 0,
      health?.path !== undefined || (health?.test !== undefined && health.test[0] !== "NONE"),
    ),
    ...optional("http", httpCheckIn(health)),
    imageCheck: health?.image ?? own.port !== undefined,
    ...optional("restartedAt", entryOf(shared.restartedAt, name)),
    restarts: restartsOf(name, shared.restartedAt ?? {}),
  };
}

function sizeIn(size: ProcessInputs["size"], fallback: Fallback): ContainerSettings["size"] {
  const cpus = size?.cpus === undefined ? undefined : parseCpus(size.cpus);
  const memory = size?.memory === undefined ? fallback.memory : parseMemory(size.memory);
  if (cpus === undefined && memory === undefined) return undefined;
  return { ...optional("cpus", cpus), ...optional("memory", memory) };
}

function healthTestIn(health: ProcessInputs["health"]): HealthTest | undefined {
  const test = health?.image === false ? ["NONE"] : health?.test;
  return test === undefined ? undefined : { test, ...times(health ?? {}, 5) };
}

function httpCheckIn(health: ProcessInputs["health"]): HttpCheck | undefined {
  if (health?.path === undefined) return undefined;
  const { path, status, headers } = health;
  return { path, ...optional("status", status), ...optional("headers", headers), ...times(health, 1) };
}

/** True when a process has to be gone before its successor comes up. */
export function stopsFirst({ update, bind }: ProcessType): boolean {
  return update.order === "stop-first" || bind.port !== undefined;
}

export function reservedIn({
  cpus = 0,
  memory = 0,
}: NonNullable<ProcessInputs["reservation"]>): ProcessType["reserved"] {
  return { cpus: parseCpus(cpus) ?? 0, memory: parseMemory(memory) ?? 0 };
}

/** Restarts of single processes by index: `{ 2: … }` of `{ "web.2": … }`. */
function restartsOf(type: string, all: Readonly<Record<string, Maybe<string>>>): ProcessType["restarts"] {
  const own = Object.entries(all).filter(([name]) => name.startsWith(`${type}.`));
  return Object.fromEntries(own.map(([name, at]) => [Number(name.slice(type.length + 1)), at]));
}

/**
 * @param isStoppedFirst true when no two may ever run in one slot
 * @param isChecked true when a health check tells that a process is ready
 */
function updatePolicy(given: UpdateInputs, isStoppedFirst: boolean, isChecked: boolean): UpdatePolicy {
  return {
    order: isStoppedFirst ? "stop-first" : (given.order ?? "start-first"),
    ...optional("parallelism", given.parallelism),
    delay: seconds(given.delay, 0),
    monitor: seconds(given.monitor, isChecked ? 0 : 5),
    failureAction: given.failureAction ?? "rollback",
  };
}

function times(given: NonNullable<ProcessInputs["health"]>, interval: Seconds): CheckTimes {
  return {
    interval: seconds(given.interval, interval),
    timeout: seconds(given.timeout, 5),
    retries: given.retries ?? 3,
    startPeriod: seconds(given.startPeriod, 30),
  };
}

export function seconds(given: string | number | undefined, otherwise: Seconds): Seconds {
  return given === undefined ? otherwise : (parseDuration(given) ?? otherwise);
}

/** Makes an object whose key is absent rather than undefined. */
export function optional<K extends string, V>(key: K, value: V | undefined): { readonly [P in K]?: V } {
  return value === undefined ? {} : ({ [key]: value } as { readonly [P in K]?: V });
}
