import { LABEL } from "../../../core/model/labels";
import type { Seconds } from "../../../core/values/units";
import { currentTasks, doublesIn } from "./instances";
import { isAlive, isWanted, mayRun, type ObservedTask } from "./observed";
import { HOLD } from "./service/service";
import type { Emptying, Rollout } from "./step";

// Judges whether a Swarm has done as it was told, by the states of its tasks.

/**
 * The time when each task was first observed in each of its states, by our own clock; `before`: tasks that had ended by
 * then.
 */
export interface Memory {
  readonly before: ReadonlySet<string>;
  readonly first: ReadonlyMap<string, Seconds>;
}

export interface Judgement {
  readonly done: boolean;
  /** Slots that will not become ready, each with the task that shows it. */
  readonly failures: ReadonlyMap<number, { readonly words: string; readonly task: ObservedTask }>;
  /** The engine's words for each slot that is not ready. */
  readonly waiting: ReadonlyMap<number, string>;
  /** A number that grows while something happens. */
  readonly progress: number;
  /** True when a slot keeps two tasks of the wanted release: the Swarm ends neither by itself. */
  readonly isDoubled: boolean;
}

/** Swarm sends a task to nodes in turn: one node without the image is no reason to give up. */
const MOST_REJECTIONS = 8;
const NO_NODE_PATIENCE: Seconds = 15;
/** Two tasks may be observed for a moment, between two of the Swarm's own steps. */
const DOUBLED_AFTER: Seconds = 2;

export function begin(tasks: readonly ObservedTask[]): Memory {
  return { before: new Set(tasks.filter((task) => !isAlive(task)).map((task) => task.id)), first: new Map() };
}

/** Remembers tasks of a rollout: those of other types and of former releases tell nothing of how it goes. */
export function remember(memory: Memory, rollout: Rollout, tasks: readonly ObservedTask[], now: Seconds): Memory {
  const own = tasks.filter((task) => isOf(rollout, task) && isOfRelease(rollout, task) && !memory.before.has(task.id));
  const fresh = own.filter((task) => !memory.first.has(keyOf(task)));
  if (fresh.length === 0) return memory;
  return { ...memory, first: new Map([...memory.first, ...fresh.map((task) => [keyOf(task), now] as const)]) };
}

function isOf({ app, type }: Rollout, { labels }: ObservedTask): boolean {
  return labels[LABEL.app] === app && labels[LABEL.type] === type;
}

function isOfRelease(rollout: Rollout, { labels }: ObservedTask): boolean {
  return Object.entries(rollout.labels).every(([name, value]) => labels[name] === value);
}

const keyOf = ({ slot, state, id }: ObservedTask) => `${slot} ${state} ${id}`;

/** @param down ids of unreachable nodes: a task that stops there is not waited for */
export function judge(
  rollout: Rollout,
  all: readonly ObservedTask[],
  memory: Memory,
  down: ReadonlySet<string>,
  now: Seconds,
): Judgement {
  const tasks = all.filter((task) => isOf(rollout, task));
  const isNew = (task: ObservedTask) => isOfRelease(rollout, task);
  const since = (task: ObservedTask) => now - (memory.first.get(keyOf(task)) ?? now);
  const current = currentTasks(tasks);
  const isReady = (task: ObservedTask) => isNew(task) && task.state === "running" && since(task) >= rollout.monitor;
  const stopping = tasks.filter(
    (task) => mayRun(task) && !current.includes(task) && task.node !== undefined && !down.has(task.node),
  );
  const ready = current.filter(isReady);
  const isDoubled = doublesIn(tasks).some((task) => isNew(task) && since(task) >= DOUBLED_AFTER);

  const failures = new Map<number, { readonly words: string; readonly task: ObservedTask }>();
  const fail = (task: ObservedTask, words: string) => failures.set(task.slot, { words, task });
  const rejections = [...memory.first.keys()].filter((key) => key.includes(" rejected "));
  for (const task of tasks.filter((task) => isNew(task) && !memory.before.has(task.id))) {
    if (task.state === "failed" || task.state === "complete") fail(task, exitWords(task));
    const rejected = rejections.filter((key) => key.startsWith(`${task.slot} `)).length;
    if (task.state === "rejected" && rejected >= MOST_REJECTIONS) fail(task, `was rejected: ${task.error}`);
    if (isPending(task) && stopping.length === 0 && since(task) > NO_NODE_PATIENCE)
      fail(task, `finds no place: ${task.error}`);
  }
  const waiting = new Map(
    current.filter((task) => !isReady(task)).map((task) => [task.slot, wordsOf(task, isNew(task), tasks)]),
  );
  for (const { slot, state } of stopping) if (!waiting.has(slot)) waiting.set(slot, `still stops (${state})`);
  return {
    done: ready.length === rollout.quantity && current.length === rollout.quantity && stopping.length === 0,
    failures,
    waiting,
    progress: ready.length * 2 - stopping.length,
    isDoubled,
  };
}

function isPending(task: ObservedTask): boolean {
  return task.state === "pending" && isWanted(task) && task.error !== "";
}

function exitWords({ exitCode, error, state }: ObservedTask): string {
  if (exitCode === 0 && state === "failed") return `failed: ${error}`;
  const unhealthy = error.includes("unhealthy") ? ", as it was unhealthy" : "";
  const words = /non-zero exit/.test(error) || error === "" ? unhealthy : ` (${error})`;
  return `exited with code ${exitCode}${words}`;
}

/** Words for a task that is not ready: one that has just been made does not say why the one before it has failed. */
function wordsOf(task: ObservedTask, isNew: boolean, tasks: readonly ObservedTask[]): string {
  if (!isNew) return "still has the former release";
  const last = tasks
    .filter((one) => one.slot === task.slot && one.error !== "")
    .sort((a, b) => b.createdAt - a.createdAt);
  const error = task.error === "" ? (last[0]?.error ?? "") : task.error;
  return `is ${task.state}${error === "" ? "" : `: ${error}`}`;
}

/**
 * Tasks that keep a type from being confirmed empty; none when no process of it can run. A task without a node has no
 * process, but only one that is held back stays so.
 */
export function notEmpty(
  empty: Emptying,
  all: readonly ObservedTask[],
  down: ReadonlySet<string>,
): ObservedTask[] | "unseen" {
  const tasks = all
    .filter(({ labels }) => labels[LABEL.app] === empty.app && labels[LABEL.type] === empty.type)
    .filter(({ service }) => empty.service === undefined || service === empty.service);
  const isExcused = (node: string) => down.has(node) && (empty.lenient || empty.abandoned.includes(node));
  const running = tasks.filter((task) => mayRun(task) && task.node !== undefined && !isExcused(task.node));
  const loose = tasks.filter(
    (task) => task.node === undefined && isAlive(task) && isWanted(task) && !task.constraints.includes(HOLD),
  );
  // Until the held task is there, the Swarm has not yet begun to do as it was told.
  const isHeld = tasks.some((task) => isAlive(task) && task.constraints.includes(HOLD));
  if (running.length + loose.length > 0) return [...running, ...loose];
  return empty.held && !isHeld ? "unseen" : [];
}
