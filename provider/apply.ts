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
  readonly warnings: readonly string[];
}

export interface Progress {
  /** Called before each change begins. */
  readonly begin: (change: Change) => void;
  /** True when nothing more may be begun. */
  readonly stopped: () => boolean;
}

type Run = {
  readonly [Op in Step["op"]]: (host: Host, step: Extract<Step, { op: Op }>) => Promise<unknown>;
};

const run: Run = {
  run: (host, step) => host.run(step.want),
  start: (host, step) => host.start(step.container),
  unpause: (host, step) => host.unpause(step.container),
  rename: (host, step) => host.rename(step.container, step.name),
  stop: (host, step) => host.stop(step.container, step.timeout),
  remove: (host, step) => host.remove(step.container),
  watch: (host, step) => host.watch(step.container, step.seconds),
};

/** Carries out changes side by side, each after those that it needs; one that fails takes only its dependants with it. */
export async function apply(
  changes: readonly Change[],
  hosts: ReadonlyMap<string, Host>,
  progress: Progress,
): Promise<Report> {
  const warnings = new Set<string>();
  const outcomes = new Map<Change, Promise<Failure | undefined>>();
  const outcomeOf = (change: Change): Promise<Failure | undefined> => {
    const known = outcomes.get(change);
    if (known !== undefined) return known;
    const outcome = perform(change);
    outcomes.set(change, outcome);
    return outcome;
  };
  const perform = async (change: Change): Promise<Failure | undefined> => {
    const needed = await Promise.all(change.needs.map(outcomeOf));
    const failed = needed.find((failure) => failure !== undefined);
    if (failed !== undefined)
      return { change, reason: `not begun, because ${slotOf(failed.change)} on ${failed.change.host} failed` };
    if (progress.stopped()) return { change, reason: "not begun, because the update was interrupted" };
    progress.begin(change);
    try {
      const host = hosts.get(change.host);
      if (host === undefined) throw new FormationError("HostUnreachable", `no host ${change.host}`);
      for (const step of change.steps) await runStep(host, step, step.op, warnings);
      return undefined;
    } catch (error) {
      return { change, reason: explain(error) };
    }
  };
  const results = await Promise.all(changes.map(outcomeOf));
  return { failures: results.flatMap((failure) => failure ?? []), warnings: [...warnings] };
}

async function runStep<Op extends Step["op"]>(
  host: Host,
  step: Extract<Step, { op: Op }>,
  op: Op,
  warnings: Set<string>,
): Promise<void> {
  const answer = await run[op](host, step);
  if (Array.isArray(answer)) for (const warning of answer) warnings.add(String(warning));
}
