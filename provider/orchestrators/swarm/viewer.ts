import { setTimeout as delay } from "node:timers/promises";
import { explain, FormationError } from "../../core/values/errors";
import { LABEL } from "../../core/model/labels";
import { processesOf, SWARM } from "./plan/instances";
import type { ObservedTask } from "./plan/observed";
import { query, type EngineHttp } from "../../engine/client";
import { engineTime, logLines } from "../../engine/log-lines";
import { observedNodes, observedService, observedTask, shownOf } from "./api/answers";
import { troubleOf } from "./api/errors";
import type { LogLine } from "../../engine/log-lines";
import type { ContainerEvent, Details, LogQuery, Seen, Usage, Viewer } from "../viewer";

/** Managers report no events of other nodes, so their tasks are listed again at this interval. */
const POLL_MS = 1_000;

/** Failures of one slot: their number so far, and the tasks that the Swarm still remembers. */
interface Failures {
  readonly count: number;
  readonly tasks: ReadonlySet<string>;
}

/** Observes a Swarm through the first of its managers that answers. */
export class SwarmViewer implements Viewer {
  readonly name = SWARM;
  readonly address: string;
  /** Tasks of the last list, by container. */
  #shown: ReadonlyMap<string, { readonly task: string; readonly details: Details }> = new Map();

  /** Failures in each slot since this viewer began: a Swarm itself forgets all but the last ones. */
  #failures: ReadonlyMap<string, Failures> = new Map();

  constructor(readonly managers: readonly EngineHttp[]) {
    this.address = managers[0]?.host.address ?? "";
  }

  close(): void {
    for (const manager of this.managers) manager.close();
  }

  async engine(): Promise<string> {
    return (await this.#ask((manager) => manager.get<{ ID: string }>("/swarm"))).ID;
  }

  async list(app: string): Promise<readonly Seen[]> {
    const own = query({ filters: { label: [`${LABEL.app}=${app}`] } });
    const [answers, services, nodes] = await this.#ask((manager) =>
      Promise.all(["/tasks" + own, "/services" + own, "/nodes"].map((path) => manager.get<unknown[]>(path))),
    );
    const more = new Map((answers ?? []).map((answer) => [observedTask(answer), shownOf(answer)]));
    const tasks = [...more.keys()];
    const processes = processesOf({
      cluster: "",
      address: this.address,
      tasks,
      secrets: [],
      claims: [],
      strangers: [],
      services: (services ?? []).map(observedService),
      nodes: observedNodes(nodes ?? []),
    });
    const now = Date.now() / 1000;
    const failures = new Map<string, Failures>();
    const list = processes.map(({ task, instance }) => {
      const { command = "", since = "" } = more.get(task) ?? {};
      const failed = failuresBefore(task, tasks);
      const slot = `${task.service} ${task.slot} ${task.labels[LABEL.configuration] ?? ""}`;
      const failure = counted(this.#failures.get(slot), failed);
      failures.set(slot, failure);
      const exitCode = failed.at(-1)?.exitCode ?? task.exitCode;
      const seen: Seen = {
        ...instance,
        ...stateIn(task, failed.length),
        command,
        exitCode,
        container: task.container === "" ? task.id : task.container,
        age: now - Date.parse(since) / 1000,
      };
      return { seen, task: task.id, details: { since, restarts: failure.count, exitCode, outOfMemory: false } };
    });
    this.#failures = failures;
    this.#shown = new Map(list.map(({ seen, task, details }) => [seen.container, { task, details }]));
    return list.map(({ seen }) => seen);
  }

  inspect(containers: readonly string[]): Promise<ReadonlyMap<string, Details>> {
    const known = containers.flatMap((container) => {
      const shown = this.#shown.get(container);
      return shown === undefined ? [] : [[container, shown.details] as const];
    });
    return Promise.resolve(new Map(known));
  }

  /** Managers do not know the usage: only each task's own node does. */
  usage(): Promise<ReadonlyMap<string, Usage>> {
    return Promise.resolve(new Map());
  }

  async *logs(container: string, { tail, since, follow }: LogQuery, signal: AbortSignal): AsyncGenerator<LogLine> {
    const task = this.#shown.get(container)?.task;
    if (task === undefined)
      throw new FormationError("NotFound", `${this.name}: no process has the container ${container}`);
    const parameters = query({
      stdout: true,
      stderr: true,
      timestamps: true,
      tail,
      follow: follow ?? false,
      since: since === undefined ? undefined : engineTime(since),
    });
    const manager = await this.#ask(async (one) => {
      await one.get(`/tasks/${task}`);
      return one;
    });
    yield* logLines(manager.stream(`/tasks/${task}/logs${parameters}`, signal));
  }

  async *events(app: string, signal: AbortSignal): AsyncGenerator<ContainerEvent> {
    let known: ReadonlySet<string> | undefined;
    while (!signal.aborted) {
      const list = await this.list(app);
      const running = new Set(list.filter(({ state }) => state === "running").map((container) => container.container));
      for (const container of running) if (known?.has(container) === false) yield { container, action: "start" };
      known = running;
      await delay(POLL_MS, undefined, { signal }).catch(() => undefined);
    }
  }

  /** Asks one manager after the other until one answers. @throws HostUnreachable when none does */
  async #ask<T>(work: (manager: EngineHttp) => Promise<T>): Promise<T> {
    const troubles: string[] = [];
    for (const manager of this.managers)
      try {
        return await work(manager);
      } catch (error) {
        if (troubleOf(error, manager.host) === undefined) throw error;
        troubles.push(explain(error));
      }
    throw new FormationError("HostUnreachable", `no manager of the Swarm answers: ${troubles.join("; ")}`);
  }
}

/** Failed tasks of the same release in a task's slot, oldest first. */
function failuresBefore(task: ObservedTask, tasks: readonly ObservedTask[]): ObservedTask[] {
  const isSame = ({ labels }: ObservedTask) => labels[LABEL.configuration] === task.labels[LABEL.configuration];
  return tasks
    .filter((one) => one !== task && one.service === task.service && one.slot === task.slot && isSame(one))
    .filter(({ state }) => state === "failed" || state === "rejected" || state === "complete")
    .sort((a, b) => a.createdAt - b.createdAt);
}

/** Adds the failures that were not counted yet. */
export function counted(before: Failures | undefined, failed: readonly ObservedTask[]): Failures {
  const tasks = new Set(failed.map(({ id }) => id));
  const isNew = [...tasks].filter((id) => before?.tasks.has(id) !== true);
  return { count: (before?.count ?? 0) + isNew.length, tasks };
}

/** The state of a task that its container does not show: a health check going on, or a restart ahead. */
function stateIn({ state, container }: ObservedTask, failures: number): Partial<Pick<Seen, "state" | "health">> {
  if (state === "starting") return { state: "running", health: "starting" };
  return failures > 0 && container === "" ? { state: "restarting" } : {};
}
