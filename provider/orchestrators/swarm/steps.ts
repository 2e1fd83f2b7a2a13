import type { Perform, Progress } from "../apply";
import { FormationError } from "../../core/values/errors";
import type { RegistryAuth } from "../../core/inputs/spec";
import { serviceName } from "./plan/service/desired";
import { isAlive } from "./plan/observed";
import type { OwnSwarm } from "./plan/own";
import type { Rollout, SwarmStep } from "./plan/step";
import type { Swarm } from "./api/swarm";
import { memoized } from "../../core/values/memoized";
import { putService, type Puts } from "./put-service";
import { awaitEmpty, awaitEnd, awaitSettled, type Watched } from "./wait";

/** State that the steps of one update share. */
interface Run extends Puts {
  readonly watched: Watched;
  /** Waits for a rollout. @returns the reasons by failed slot */
  readonly failures: (rollout: Rollout) => Promise<ReadonlyMap<number, string>>;
}

type Table = {
  readonly [Op in SwarmStep["op"]]: (
    run: Run,
    step: Extract<SwarmStep, { op: Op }>,
    line: (text: string) => void,
  ) => Promise<unknown>;
};

const table: Table = {
  secret: ({ swarm }, { want, labels }) => swarm.createSecret(String(want.name), String(want.value), labels),
  forget: ({ swarm }, { secret }) => swarm.removeSecret(secret),
  put: (run, { want, over }) => putService(run, want, over),
  emptied: ({ watched }, { empty }) => awaitEmpty(watched, empty),
  settled: async ({ failures }, { rollout, slot }) => {
    const all = await failures(rollout);
    const [unnamed] = [...all].filter(([other]) => slot === rollout.slots[0] && !rollout.slots.includes(other));
    const reason = all.get(slot) ?? unnamed?.[1];
    if (reason !== undefined) throw new FormationError("NotReady", reason);
  },
  delete: async ({ swarm, left }, { service }) => {
    await swarm.remove(service);
    left.set(service, undefined);
  },
  once: async (run, { want, timeout }, line) => {
    try {
      await putService(run, want, undefined);
      await awaitEnd(run.watched, want, timeout, line);
    } finally {
      await run.swarm.remove(want.Name);
    }
  },
};

/** Carries out the steps of one update. A step that stands in the changes of several slots is carried out once. */
export function swarmSteps(
  swarm: Swarm,
  seen: OwnSwarm | undefined,
  registryAuth: readonly RegistryAuth[],
  progress: Progress,
): Perform<SwarmStep> {
  const ended = new Set((seen?.tasks ?? []).filter((task) => !isAlive(task)).map((task) => task.id));
  const watched = watchedPart(swarm, seen?.foreign ?? new Set());
  const run: Run = {
    swarm,
    watched,
    registryAuth,
    left: new Map(),
    failures: memoized((rollout: Rollout) => awaitSettled(watched, rollout, ended, () => putAgain(run, rollout))),
  };
  const started = new Map<SwarmStep, Promise<readonly string[]>>();
  return (step, change) => {
    const running = started.get(step) ?? perform(run, step, step.op, (text) => progress.line(change, text));
    started.set(step, running);
    return running;
  };
}

async function putAgain(run: Run, { app, type }: Rollout): Promise<void> {
  const service = await run.swarm.service(serviceName(app, type));
  if (service !== undefined) await putService(run, service.spec, service);
}

/**
 * Leaves out tasks of services that were foreign before the update, whatever their labels. Those of newer services may
 * be ours.
 */
function watchedPart(swarm: Swarm, foreign: ReadonlySet<string>): Watched {
  return {
    nodes: () => swarm.nodes(),
    tasks: async (app) => (await swarm.tasks(app)).filter((task) => !foreign.has(task.service)),
    lastLines: (task, lines) => swarm.lastLines(task, lines),
    credentialsOf: (service) => swarm.credentialsOf(service),
  };
}

/** @returns its warnings, if it has any */
async function perform<Op extends SwarmStep["op"]>(
  run: Run,
  step: Extract<SwarmStep, { op: Op }>,
  op: Op,
  line: (text: string) => void,
): Promise<readonly string[]> {
  const answer = await table[op](run, step, line);
  return Array.isArray(answer) ? answer.map(String) : [];
}
