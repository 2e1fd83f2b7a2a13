import type { Readiness, Step } from "../../core/model/change";
import { hasCode, vanished } from "../../core/values/errors";
import type { Seconds } from "../../core/values/units";
import type { Host } from "./host/host";

/** The surroundings of a step: its host, the listener for a one-off process's lines, and the clock. */
export interface Run {
  readonly host: Host;
  readonly line: (text: string) => void;
  readonly sleep: (seconds: Seconds) => Promise<void>;
}

const table: { readonly [Op in Step["op"]]: (run: Run, step: Extract<Step, { op: Op }>) => Promise<unknown> } = {
  run: ({ host }, step) => host.run(step.want),
  ready: ({ host }, step) => ready(host, step.container, step.readiness),
  settle: ({ host }, step) => settle(host, step.container, step.readiness),
  start: ({ host }, step) => host.start(step.container, step.want),
  unpause: ({ host }, step) => host.unpause(step.container),
  rename: ({ host }, step) => host.rename(step.container, step.name),
  park: ({ host }, step) => host.park(step.container, step.timeout),
  stop: ({ host }, step) => host.stop(step.container, step.timeout),
  remove: ({ host }, step) => host.remove(step.container),
  discard: ({ host }, step) => host.discard(step.want, step.spare),
  once: ({ host, line }, step) => host.once(step.want, step.timeout, line),
  wait: ({ sleep }, step) => sleep(step.seconds),
};

/** Carries out one step. @returns its warnings, if it has any */
export async function performStep<Op extends Step["op"]>(
  run: Run,
  step: Extract<Step, { op: Op }>,
  op: Op,
): Promise<readonly string[]> {
  const answer = await table[op](run, step);
  return Array.isArray(answer) ? answer.map(String) : [];
}

async function ready(host: Host, container: string, readiness: Readiness): Promise<void> {
  try {
    await host.ready(container, readiness);
  } catch (error) {
    // The container was there when the previous step ended, so somebody has removed it.
    throw hasCode(error, "NotFound") ? vanished(error) : error;
  }
}

async function settle(host: Host, container: string, readiness: Readiness): Promise<void> {
  try {
    await host.ready(container, readiness);
  } catch (error) {
    if (!hasCode(error, "NotReady") && !hasCode(error, "ProcessExited")) throw error;
  }
}
