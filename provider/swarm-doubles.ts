import { setTimeout as delay } from "node:timers/promises";
import { FormationError } from "./core/errors";
import { LABEL } from "./core/labels";
import { serviceName } from "./core/swarm/desired";
import { isAlive, isWanted, type ObservedTask } from "./core/swarm/observed";
import type { Rollout } from "./core/swarm/step";
import { putService } from "./swarm-put";
import type { Run } from "./swarm-steps";

const LOOK_AGAIN_MS = 500;

/**
 * Sees that no slot keeps two tasks. A service that is put back at the very moment at which a task of the release fails
 * gets another one of what it is by then, beside the one that had stayed, and a Swarm never takes either away by itself.
 * An update that changes nothing leaves one in each slot.
 *
 * @returns whether there were any
 */
export async function endDoubles(
  run: Pick<Run, "swarm" | "watched" | "registryAuth" | "left">,
  rollout: Rollout,
): Promise<boolean> {
  const isDouble = async () => doublesIn(await run.watched.tasks(rollout.app), rollout);
  // For a moment, between two of the Swarm's own steps, two may be seen.
  if (!(await isDouble())) return false;
  await delay(LOOK_AGAIN_MS);
  if (!(await isDouble())) return false;
  const service = await run.swarm.service(serviceName(rollout.app, rollout.type));
  if (service === undefined) return false;
  const { TaskTemplate } = service.spec;
  const forced = { ...service.spec, TaskTemplate: { ...TaskTemplate, ForceUpdate: TaskTemplate.ForceUpdate + 1 } };
  await putService(run, forced, service);
  const most = (rollout.patience * 1000) / LOOK_AGAIN_MS;
  for (let looks = 0; await isDouble(); looks++) {
    if (looks > most)
      throw new FormationError("NotReady", `two tasks of ${rollout.type} share a slot, and the Swarm ends neither`);
    await delay(LOOK_AGAIN_MS);
  }
  return true;
}

function doublesIn(tasks: readonly ObservedTask[], { app, type }: Rollout): boolean {
  const seats = tasks
    .filter(({ labels }) => labels[LABEL.app] === app && labels[LABEL.type] === type)
    .filter((task) => isAlive(task) && isWanted(task))
    .map(({ service, slot }) => `${service} ${slot}`);
  return new Set(seats).size < seats.length;
}
