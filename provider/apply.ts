import { slotOf, type Change, type Step } from "./core/change";
import { explain, FormationError } from "./core/errors";
import type { Seconds } from "./core/units";
import type { Host } from "./hosts/host";
import { performStep } from "./step";

interface Failure {
  readonly change: Change;
  readonly reason: string;
}

/** What was not done; all else was. A partial success is a result like any other. */
export interface Report {
  readonly failures: readonly Failure[];
  /** Changes that were not begun, because of another that failed. */
  readonly waiting: readonly Failure[];
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
  readonly sleep: (seconds: Seconds) => Promise<void>;
  /** True when nothing more may be begun. */
  readonly stopped: () => boolean;
}

type Outcome = { readonly kind: "done" } | { readonly kind: "failed" | "waiting"; readonly reason: string };

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
  let broken: Change | undefined;

  const runSteps = async (change: Change, steps: readonly Step[]): Promise<void> => {
    const host = hosts.get(change.host);
    if (host === undefined) throw new FormationError("HostUnreachable", `no host ${change.host}`);
    for (const step of steps) {
      const answer = await performStep(
        { host, line: (text) => progress.line(change, text), sleep: progress.sleep },
        step,
        step.op,
      );
      if (Array.isArray(answer)) for (const warning of answer) warnings.add(String(warning));
    }
  };
  /** @returns what went wrong, if anything */
  const attempt = async (change: Change, steps: readonly Step[]): Promise<string | undefined> => {
    try {
      await runSteps(change, steps);
      return undefined;
    } catch (error) {
      return explain(error);
    }
  };
  const becauseOf = (change: Change) => `${slotOf(change)} on ${change.host} failed`;
  const outcomeOf = memoized(async (change: Change): Promise<Outcome> => {
    for (const need of change.needs) {
      const outcome = await outcomeOf(need);
      if (outcome.kind === "failed") return { kind: "waiting", reason: becauseOf(need) };
      if (outcome.kind === "waiting") return outcome;
    }
    if (broken !== undefined && change.onFailure !== "continue") return { kind: "waiting", reason: becauseOf(broken) };
    if (progress.stopped()) return { kind: "waiting", reason: "the update was interrupted" };
    progress.begin(change);
    const reason = await attempt(change, change.steps);
    if (reason === undefined) return { kind: "done" };
    if (change.onFailure !== "continue") broken ??= change;
    const stuck = await attempt(change, change.undo);
    return {
      kind: "failed",
      reason: stuck === undefined ? reason : `${reason}; and it could not be taken back: ${stuck}`,
    };
  });

  const results = await Promise.all(changes.map(async (change) => ({ change, outcome: await outcomeOf(change) })));
  const those = (kind: Outcome["kind"]) =>
    results.flatMap(({ change, outcome }) =>
      outcome.kind === kind ? [{ change, reason: "reason" in outcome ? outcome.reason : "" }] : [],
    );
  const failures = those("failed");
  const made = those("done").map(({ change }) => change);
  const isRolledBack = failures.some(({ change }) => change.onFailure === "rollback");
  const undone = made.filter((change) => isRolledBack && change.onFailure === "rollback");
  const done = made.filter((change) => !undone.includes(change));

  const settle = async (change: Change, steps: readonly Step[], otherwise: string) => {
    const reason = await attempt(change, steps);
    if (reason !== undefined) failures.push({ change, reason: `${otherwise}: ${reason}` });
  };
  // The last one made goes back first, so that no more are under way at a time than when they were made.
  const revert = memoized(async (change: Change): Promise<void> => {
    await Promise.all(undone.filter((other) => other.needs.includes(change)).map(revert));
    await settle(change, change.revert, "could not be taken back");
  });
  await Promise.all([
    ...undone.map(revert),
    ...done.map((change) => settle(change, change.finish, "its predecessor could not be removed")),
  ]);
  return { failures, waiting: those("waiting"), undone, done, warnings: [...warnings] };
}

function memoized<T>(work: (change: Change) => Promise<T>): (change: Change) => Promise<T> {
  const known = new Map<Change, Promise<T>>();
  return (change) => {
    const running = known.get(change) ?? work(change);
    known.set(change, running);
    return running;
  };
}
