import { setTimeout as delay } from "node:timers/promises";
import { slotOf, type Change, type Step } from "./core/change";
import { explain, FormationError } from "./core/errors";
import type { Host } from "./hosts/host";

interface Failure {
  readonly change: Change;
  readonly reason: string;
}

/** What was not done; all else was. A partial success is a result like any other. */
export interface Report {
  readonly failures: readonly Failure[];
  /** Changes that were made and then taken back, because the release that they belong to failed. */
  readonly undone: readonly Change[];
  /** Changes that were made and stand. */
  readonly done: readonly Change[];
  readonly warnings: readonly string[];
}

export interface Progress {
  /** Called before each change begins. */
  readonly begin: (change: Change) => void;
  /** A line that a one-off process wrote. */
  readonly line: (change: Change, text: string) => void;
  /** True when nothing more may be begun. */
  readonly stopped: () => boolean;
}

interface Run {
  readonly host: Host;
  readonly line: (text: string) => void;
}

const perform: { readonly [Op in Step["op"]]: (run: Run, step: Extract<Step, { op: Op }>) => Promise<unknown> } = {
  run: ({ host }, step) => host.run(step.want),
  ready: ({ host }, step) => host.ready(step.container, step.readiness),
  start: ({ host }, step) => host.start(step.container),
  unpause: ({ host }, step) => host.unpause(step.container),
  rename: ({ host }, step) => host.rename(step.container, step.name),
  park: ({ host }, step) => host.park(step.container, step.timeout),
  stop: ({ host }, step) => host.stop(step.container, step.timeout),
  remove: ({ host }, step) => host.remove(step.container),
  discard: ({ host }, step) => host.discard(step.want),
  once: ({ host, line }, step) => host.once(step.want, step.timeout, line),
  wait: (_, step) => delay(step.seconds * 1000),
};

type Outcome = { readonly kind: "done" } | { readonly kind: "failed" | "waiting"; readonly failure: Failure };

/**
 * Carries out changes side by side, each after those that it needs; one that fails is taken back and takes only its
 * dependants with it. One that is part of a release stops the release, or has all of it taken back.
 */
export async function apply(
  changes: readonly Change[],
  hosts: ReadonlyMap<string, Host>,
  progress: Progress,
): Promise<Report> {
  const warnings = new Set<string>();
  const outcomes = new Map<Change, Promise<Outcome>>();
  let broken: Change | undefined;

  const runSteps = async (change: Change, steps: readonly Step[]): Promise<void> => {
    const host = hosts.get(change.host);
    if (host === undefined) throw new FormationError("HostUnreachable", `no host ${change.host}`);
    for (const step of steps) {
      const answer = await runStep({ host, line: (text) => progress.line(change, text) }, step, step.op);
      if (Array.isArray(answer)) for (const warning of answer) warnings.add(String(warning));
    }
  };
  const tryUndo = async (change: Change): Promise<string> => {
    try {
      await runSteps(change, change.undo);
      return "";
    } catch (error) {
      return `; and it could not be taken back: ${explain(error)}`;
    }
  };
  const outcomeOf = (change: Change): Promise<Outcome> => {
    const known = outcomes.get(change);
    if (known !== undefined) return known;
    const outcome = carryOut(change);
    outcomes.set(change, outcome);
    return outcome;
  };
  const carryOut = async (change: Change): Promise<Outcome> => {
    const waiting = (reason: string): Outcome => ({
      kind: "waiting",
      failure: { change, reason: `not begun, because ${reason}` },
    });
    for (const need of change.needs) {
      const outcome = await outcomeOf(need);
      if (outcome.kind !== "done") return waiting(`${slotOf(need)} on ${need.host} failed`);
    }
    if (broken !== undefined && change.onFailure !== "continue")
      return waiting(`${slotOf(broken)} on ${broken.host} failed`);
    if (progress.stopped()) return waiting("the update was interrupted");
    progress.begin(change);
    try {
      await runSteps(change, change.steps);
      return { kind: "done" };
    } catch (error) {
      if (change.onFailure !== "continue") broken ??= change;
      return { kind: "failed", failure: { change, reason: explain(error) + (await tryUndo(change)) } };
    }
  };

  const results = await Promise.all(changes.map(async (change) => ({ change, outcome: await outcomeOf(change) })));
  const made = results.filter(({ outcome }) => outcome.kind === "done").map(({ change }) => change);
  const failures = results.flatMap(({ outcome }) => (outcome.kind === "done" ? [] : [outcome.failure]));

  const takenBack = results.some(({ change, outcome }) => outcome.kind === "failed" && change.onFailure === "rollback")
    ? made.filter((change) => change.onFailure === "rollback")
    : [];
  const done = made.filter((change) => !takenBack.includes(change));
  const settle = async (change: Change, steps: readonly Step[], otherwise: string) => {
    try {
      await runSteps(change, steps);
    } catch (error) {
      failures.push({ change, reason: `${otherwise}: ${explain(error)}` });
    }
  };
  await Promise.all([
    ...takenBack.map((change) => settle(change, change.undo, "could not be taken back")),
    ...done.map((change) => settle(change, change.finish, "its predecessor could not be removed")),
  ]);
  return { failures, undone: takenBack, done, warnings: [...warnings] };
}

function runStep<Op extends Step["op"]>(run: Run, step: Extract<Step, { op: Op }>, op: Op): Promise<unknown> {
  return perform[op](run, step);
}
