import { LABEL } from "../../../core/model/labels";
import { processName } from "../../../core/values/names";
import type { ContainerState, ObservedHost, ObservedInstance } from "../../../core/model/observed";
import { DEFAULT_STOP_TIMEOUT } from "../../../core/inputs/container/container-settings";
import { optional } from "../../../core/inputs/process-type";
import { serviceName } from "./service/desired";
import {
  BEFORE_RUNNING,
  appOf,
  isAlive,
  isWanted,
  mayRun,
  typeOf,
  type ObservedService,
  type ObservedSwarm,
  type ObservedTask,
} from "./observed";

/** The host name of tasks that have no node, and of changes that concern the whole Swarm. */
export const SWARM = "swarm";

/** The processes of a Swarm, each with its task. */
export function processesOf(
  swarm: ObservedSwarm,
): { readonly task: ObservedTask; readonly instance: ObservedInstance }[] {
  const services = new Map(swarm.services.map((service) => [service.id, service]));
  // A node that has been removed is known by its id alone.
  const hostOf = ({ node = SWARM }: ObservedTask) => swarm.nodes.find(({ id }) => id === node)?.name ?? node;
  return shownTasks(swarm.tasks, new Set(services.keys())).map((task) => ({
    task,
    instance: instance(task, hostOf(task), services.get(task.service), swarm),
  }));
}

/** A Swarm as hosts with instances: one host for each node, before them one for tasks that have no node yet. */
export function hostsOf(swarm: ObservedSwarm): ObservedHost[] {
  const processes = processesOf(swarm);
  const on = (node: string | undefined) =>
    processes.filter(({ task }) => task.node === node).map((process) => process.instance);
  const images = Object.fromEntries(
    Object.entries(swarm.images ?? {}).map(([image, { id, facts }]) => [image, { id, ...optional("facts", facts) }]),
  );
  const known = new Set(swarm.nodes.map((node) => node.id));
  const nodes = processes.flatMap(({ task: { node } }) => (node === undefined || known.has(node) ? [] : [node]));
  return [
    {
      name: SWARM,
      address: swarm.address,
      engine: swarm.cluster,
      strangers: [],
      images,
      instances: on(undefined),
      capacity: { cpus: 0, memory: 0 },
    },
    ...swarm.nodes.map(({ id, name, address, capacity }) => ({
      name,
      address,
      engine: id,
      strangers: [],
      images,
      instances: on(id),
      capacity,
    })),
    ...[...new Set(nodes)].map((id) => ({
      name: id,
      address: "",
      engine: id,
      strangers: [],
      images,
      instances: on(id),
      capacity: { cpus: 0, memory: 0 },
    })),
  ];
}

/** The started tasks, and the current one of each slot, unless that has no node and waits for a started one to end. */
function shownTasks(tasks: readonly ObservedTask[], services: ReadonlySet<string>): ObservedTask[] {
  const started = tasks.filter((task) => mayRun(task) && isStarted(task));
  const isTaken = ({ service, slot }: ObservedTask) =>
    started.some((task) => task.service === service && task.slot === slot);
  const seats = currentTasks(tasks.filter((task) => services.has(task.service)));
  const shown = new Set([...started, ...seats.filter((task) => task.node !== undefined || !isTaken(task))]);
  return tasks.filter((task) => shown.has(task));
}

/** The newest task of each slot that the Swarm wants to run. */
export function currentTasks(tasks: readonly ObservedTask[]): ObservedTask[] {
  const seats = new Map<string, ObservedTask>();
  for (const task of tasks.filter(isWanted)) {
    const seat = `${task.service} ${task.slot}`;
    const other = seats.get(seat);
    if (other === undefined || better(task, other)) seats.set(seat, task);
  }
  return [...seats.values()].sort((a, b) => a.slot - b.slot);
}

/**
 * Running tasks that the Swarm wants beside the current one of their slot. A service that is put back at the very
 * moment at which a task of the release fails gets another task of the former one, beside the one that had stayed. The
 * Swarm ends neither until the service is changed again, be it to the same content.
 */
export function doublesIn(tasks: readonly ObservedTask[]): ObservedTask[] {
  const shown = new Set(currentTasks(tasks));
  return tasks.filter((task) => isWanted(task) && task.state === "running" && !shown.has(task));
}

function better(task: ObservedTask, other: ObservedTask): boolean {
  if (isAlive(task) !== isAlive(other)) return isAlive(task);
  return task.createdAt > other.createdAt;
}

function isStarted({ state }: ObservedTask): boolean {
  return state === "starting" || state === "running" || state === "orphaned" || state === "remove";
}

function instance(
  task: ObservedTask,
  host: string,
  service: ObservedService | undefined,
  swarm: ObservedSwarm,
): ObservedInstance {
  const label = (name: string) => task.labels[name] ?? "";
  const node = swarm.nodes.find((node) => node.id === task.node);
  // Any other port of a singleton only keeps a second process away.
  const published = [...task.ports, ...(service?.meshPorts ?? [])].find(
    (one) => String(one.target) === label(LABEL.port),
  );
  return {
    host,
    container: task.container,
    name: processName(label(LABEL.type), task.slot),
    app: label(LABEL.app),
    owner: label(LABEL.owner),
    type: label(LABEL.type),
    index: task.slot,
    ...(task.labels[LABEL.identity] === undefined ? {} : { identity: task.labels[LABEL.identity] }),
    singleton: label(LABEL.singleton) === "true",
    image: label(LABEL.image),
    imageId: label(LABEL.imageId),
    configuration: label(LABEL.configuration),
    stopTimeout: Number(label(LABEL.stopTimeout) || DEFAULT_STOP_TIMEOUT),
    state: task.node !== undefined && node?.isUp !== true && mayRun(task) ? "unknown" : stateOf(task),
    createdAt: task.createdAt,
    ...(published === undefined ? {} : { published: { address: "0.0.0.0", port: published.port } }),
  };
}

/** A task's state in the words that containers have. */
export function stateOf({ state }: ObservedTask): ContainerState {
  if (state === "running") return "running";
  return BEFORE_RUNNING.has(state) ? "created" : "exited";
}

/** The service of a type, by the name that we give it, and all tasks of the type, whatever service made them. */
export function partOf(swarm: ObservedSwarm, app: string, type: string) {
  const name = serviceName(app, type);
  const service = swarm.services.find(
    (service) => appOf(service) === app && typeOf(service) === type && service.spec.Name === name,
  );
  const tasks = swarm.tasks.filter((task) => task.labels[LABEL.app] === app && task.labels[LABEL.type] === type);
  return { service, tasks };
}
