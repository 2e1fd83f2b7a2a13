import { setTimeout as delay } from "node:timers/promises";
import { FormationError } from "../../core/values/errors";
import { LABEL } from "../../core/model/labels";
import { judge, notEmpty, remember, type Memory } from "./plan/judge";
import { serviceName } from "./plan/service/desired";
import { currentTasks } from "./plan/instances";
import { isAlive, type ObservedTask } from "./plan/observed";
import type { ServiceSpec } from "./plan/service/service";
import type { Emptying, Rollout } from "./plan/step";
import { formatDuration, type Seconds } from "../../core/values/units";
import type { Swarm } from "./api/swarm";

const POLL_MS = 250;
const LAST_LINES = 20;
/** Time for the Swarm to hear of it, beside a process's stop timeout. */
const STOP_GRACE: Seconds = 60;
const NODES_EVERY: Seconds = 3;
/** Pause between two reminders: while the Swarm watches an update of a service, it does not reconsider that service. */
const REMIND_EVERY: Seconds = 2;
/** The most that one observation counts as waiting: while the Swarm has no leader, nothing is learned of its tasks. */
const LONGEST_LOOK: Seconds = 2;

/** The calls to a Swarm that waiting needs. */
export type Watched = Pick<Swarm, "nodes" | "tasks" | "lastLines" | "credentialsOf">;

/** Observes again and again, until `isOver` says so. */
async function watch(
  swarm: Watched,
  app: string,
  isOver: (tasks: readonly ObservedTask[], down: ReadonlySet<string>, waited: Seconds) => boolean | Promise<boolean>,
): Promise<void> {
  let down: ReadonlySet<string> = new Set();
  let [waited, nodesDue, last] = [0, 0, performance.now()];
  for (;;) {
    if (waited >= nodesDue) {
      down = new Set((await swarm.nodes()).filter((node) => !node.isUp).map((node) => node.id));
      nodesDue = waited + NODES_EVERY;
    }
    if (await isOver(await swarm.tasks(app), down, waited)) return;
    await delay(POLL_MS);
    const now = performance.now();
    waited += Math.min(LONGEST_LOOK, (now - last) / 1000);
    last = now;
  }
}

/** @throws StopUnconfirmed when something may still run */
export async function awaitEmpty(swarm: Watched, empty: Emptying): Promise<void> {
  let clear = 0;
  await watch(swarm, empty.app, (tasks, down, waited) => {
    const left = notEmpty(empty, tasks, down);
    clear = left.length === 0 ? clear + 1 : 0;
    // Must be observed twice: between two of the Swarm's own steps a list may be short for a moment.
    if (clear > 1) return true;
    if (waited > empty.stopTimeout + STOP_GRACE) throw unconfirmed(empty, left, waited);
    return false;
  });
}

function unconfirmed(empty: Emptying, left: readonly ObservedTask[] | "unseen", waited: Seconds): FormationError {
  const seen =
    left === "unseen"
      ? "the Swarm has not begun"
      : left.map(({ node = "no node", state }) => `${state} on ${node}`).join(", ");
  const what = `${empty.type} is not confirmed stopped after ${formatDuration(Math.round(waited))} (${seen})`;
  return new FormationError("StopUnconfirmed", what, {
    hint: "nothing is started in its place; look at that node, or name it in abandonedNodes if it is off, then run up again",
  });
}

/**
 * @param remind puts the service once more as it is, which makes the Swarm end a second task of a slot
 * @returns the reasons by failed slot; empty when all slots are ready
 */
export async function awaitSettled(
  swarm: Watched,
  rollout: Rollout,
  ended: ReadonlySet<string>,
  remind: () => Promise<unknown>,
): Promise<ReadonlyMap<number, string>> {
  let memory: Memory = { before: ended, first: new Map() };
  let [best, since, reminded] = [-Infinity, 0, 0];
  let failures: ReadonlyMap<number, string> = new Map();
  await watch(swarm, rollout.app, async (tasks, down, waited) => {
    memory = remember(memory, rollout, tasks, waited);
    const { done, failures: failed, waiting, progress, isDoubled } = judge(rollout, tasks, memory, down, waited);
    if (progress > best) [best, since] = [progress, waited];
    if (isDoubled && waited - reminded >= REMIND_EVERY) {
      reminded = waited;
      await remind();
    }
    const isOpen = [...waiting.keys()].some((slot) => !failed.has(slot));
    const isLate = waited - since > rollout.patience;
    if (done && failed.size === 0) return true;
    if (!isLate && (failed.size === 0 || (rollout.goesOn && isOpen))) return false;
    failures = await reasons(swarm, rollout, failed, isLate || !rollout.isTakenBack ? waiting : new Map());
    return true;
  });
  return failures;
}

async function reasons(
  swarm: Watched,
  rollout: Rollout,
  failed: ReturnType<typeof judge>["failures"],
  waiting: ReadonlyMap<number, string>,
): Promise<ReadonlyMap<number, string>> {
  const told = [...failed].map(async ([slot, { words, task }]): Promise<[number, string]> => {
    const lines = task.container === "" ? "" : await swarm.lastLines(task.id, LAST_LINES);
    // A node rejects a task whose image it cannot get, without a word of the registry's.
    const about = task.state === "rejected" ? swarm.credentialsOf(serviceName(rollout.app, rollout.type)) : [];
    return [slot, `${[words, ...about].join("; ")}${lines === "" ? "" : `; its last lines:\n${lines}`}`];
  });
  const late = [...waiting].map(([slot, words]): [number, string] => [slot, `not ready in time: ${words}`]);
  const found = new Map([...late, ...(await Promise.all(told))]);
  if (found.size > 0) return found;
  return new Map([[rollout.slots[0] ?? 1, "not ready in time: the Swarm has not made its tasks"]]);
}

/** Waits until a one-off command ends. @throws ProcessExited unless it exits with 0 in time */
export async function awaitEnd(
  swarm: Watched,
  want: ServiceSpec,
  timeout: Seconds,
  line: (text: string) => void,
): Promise<void> {
  const { [LABEL.app]: app = "", [LABEL.type]: type = "" } = want.Labels;
  let last: ObservedTask | undefined;
  let pendingSince: Seconds | undefined;
  await watch(swarm, app, (tasks, _, waited) => {
    const own = tasks.filter(({ labels }) => labels[LABEL.type] === type);
    last = currentTasks(own)[0] ?? own.sort((a, b) => b.createdAt - a.createdAt)[0];
    pendingSince = last?.state === "pending" && last.error !== "" ? (pendingSince ?? waited) : undefined;
    const isStuck = pendingSince !== undefined && waited - pendingSince > STOP_GRACE;
    return (last !== undefined && !isAlive(last)) || isStuck || waited > timeout;
  });
  const lines = last === undefined || last.container === "" ? "" : await swarm.lastLines(last.id, 1000);
  for (const text of lines === "" ? [] : lines.split("\n")) line(text);
  if (last?.state === "complete") return;
  const tail = lines.split("\n").slice(-LAST_LINES).join("\n");
  const words =
    last === undefined || isAlive(last)
      ? `did not end within ${formatDuration(timeout)}${last?.error === undefined || last.error === "" ? "" : `: ${last.error}`}`
      : last.exitCode === 0
        ? `${last.state}: ${last.error}`
        : `exited with code ${last.exitCode}`;
  throw new FormationError(
    "ProcessExited",
    `${words}${tail === "" ? ", without output" : `; its last lines:\n${tail}`}`,
  );
}
