import { slotOf, type Change } from "../core/model/change";
import { explain, hasCode } from "../core/values/errors";
import type { Seconds } from "../core/values/units";
import { memoized } from "../core/values/memoized";
import { worldIn, type World } from "../core/model/other-world";

interface Failure {
  readonly change: Change<unknown>;
  /** The failed action and its error; for a change that was not begun, only the reason for that. */
  readonly reason: string;
}

/** The result of a plan, change by change. A partial success is a result like any other. */
export interface Report {
  readonly failures: readonly Failure[];
  /** Changes that were not begun, because another one failed or the update was interrupted. */
  readonly waiting: readonly Failure[];
  /** True when a failed change has the whole release rolled back. */
  readonly isTakenBack: boolean;
  /** Changes that were made and then rolled back with their release. */
  readonly undone: readonly Change<unknown>[];
  /** Changes that were to be rolled back, but of which something is left. */
  readonly left: readonly Change<unknown>[];
  /** Changes that were made and stand. */
  readonly done: readonly Change<unknown>[];
  readonly warnings: readonly string[];
  /** The worlds that failed steps met, compared with the one that was planned for. */
  readonly met: ReadonlySet<World>;
}

export interface Progress {
  /** Called before each change begins. */
  readonly begin: (change: Change<unknown>) => void;
  /** Called with each line that a one-off process writes. */
  readonly line: (change: Change<unknown>, text: string) => void;
  readonly sleep: (seconds: Seconds) => Promise<void>;
  /** True when nothing more may be begun. */
  readonly stopped: () => boolean;
}

/**
 * Carries out one step. @returns warnings @throws Interrupted when the step's turn came too late for it to be begun,
 * and no process has been touched by its change so far
 */
export type Perform<S> = (step: S, change: Change<S>) => Promise<readonly string[]>;

export const INTERRUPTED = "the update was interrupted";

/** `stuck`: the change failed, and the steps that it had carried out could not be undone. */
type Outcome = { readonly kind: "done" } | { readonly kind: "failed" | "stuck" | "waiting"; readonly reason: string };

/**
 * Carries out changes side by side, each after the changes that it needs. A change that fails is undone and holds back
 * only its dependants; if it is part of a release, the release stops or is rolled back as a whole.
 */
export async function apply<S>(
  changes: readonly Change<S>[],
  perform: Perform<S>,
  progress: Progress,
): Promise<Report> {
  const warnings = new Set<string>();
  let broken: Change<S> | undefined;
  let isRolledBack = false;
  const met = new Set<World>();

  /** @returns the error and the step that it came from; `undefined` when all steps succeeded */
  const attempt = async (
    change: Change<S>,
    steps: readonly S[],
  ): Promise<{ readonly reason: string; readonly step: S; readonly isInterrupted: boolean } | undefined> => {
    for (const step of steps)
      try {
        for (const warning of await perform(step, change)) warnings.add(warning);
      } catch (error) {
        met.add(worldIn(error));
        return { reason: explain(error), step, isInterrupted: hasCode(error, "Interrupted") };
      }
    return undefined;
  };
  const outcomeOf = memoized(async (change: Change<S>): Promise<Outcome> => {
    for (const need of change.needs) {
      const outcome = await outcomeOf(need);
      if (outcome.kind === "failed" || outcome.kind === "stuck") return { kind: "waiting", reason: failing(need) };
      if (outcome.kind === "waiting") return outcome;
    }
    if (broken !== undefined && change.onFailure !== "continue") return { kind: "waiting", reason: failing(broken) };
    if (progress.stopped()) return { kind: "waiting", reason: INTERRUPTED };
    progress.begin(change);
    const failed = await attempt(change, change.steps);
    if (failed === undefined) return { kind: "done" };
    const { reason, step, isInterrupted } = failed;
    if (isInterrupted && step === change.steps[0]) return { kind: "waiting", reason };
    // An interruption is not a failure: only the steps that it cut short are undone.
    if (!isInterrupted) {
      if (change.onFailure !== "continue") broken ??= change;
      isRolledBack ||= change.onFailure === "rollback";
    }
    const stuck = await attempt(change, change.undo);
    if (stuck === undefined) return { kind: isInterrupted ? "waiting" : "failed", reason };
    return { kind: "stuck", reason: `${reason}; and it could not be taken back: ${stuck.reason}` };
  });

  const outcomes = new Map<Change<S>, Outcome>();
  await Promise.all(changes.map(async (change) => outcomes.set(change, await outcomeOf(change))));
  /** Failures of some kinds, in the order of the plan. */
  const those = (...kinds: Outcome["kind"][]): Failure[] =>
    changes.flatMap((change) => {
      const outcome = outcomes.get(change);
      if (outcome === undefined || !kinds.includes(outcome.kind)) return [];
      return [{ change, reason: "reason" in outcome ? outcome.reason : "" }];
    });
  const failures = those("failed", "stuck").map(({ change, reason }) => ({
    change,
    reason: `${change.verb} failed: ${reason}`,
  }));
  const made = [...outcomes].flatMap(([change, { kind }]) => (kind === "done" ? [change] : []));
  const isTakenBack = (change: Change<S>) => isRolledBack && change.onFailure === "rollback";

  const dependants = dependantsIn(changes);
  /**
   * Undoes a change after its dependants, so that nothing comes back beside the process that it made way for.
   *
   * @returns true when nothing is left of the change
   */
  const isUndone = memoized(async (change: Change<S>): Promise<boolean> => {
    const kind = outcomes.get(change)?.kind;
    if (kind !== "done") return kind !== "stuck";
    // Changes outside the release stay. A singleton among them keeps the changes that it needed from being undone,
    // because that would bring back a second one.
    if (!isTakenBack(change)) return !change.singleton;
    const later = dependants.get(change) ?? [];
    // With stop-first, a later change that stays done in the same slot has taken this one's place.
    const holdsSlot = (one: Change<S>) => outcomes.get(one)?.kind === "done" && slotOf(one) === slotOf(change);
    const undone = await Promise.all(
      later.map(async (change) => (await isUndone(change)) && (isTakenBack(change) || !holdsSlot(change))),
    );
    const standing = later.find((_, at) => undone[at] !== true);
    const reason =
      standing === undefined
        ? (await attempt(change, change.undo))?.reason
        : `${slotOf(standing)} on ${standing.host} is not`;
    if (reason !== undefined) failures.push({ change, reason: `could not be taken back: ${reason}` });
    return reason === undefined;
  });
  const settle = async (change: Change<S>) => {
    const reason = (await attempt(change, change.finish))?.reason;
    if (reason !== undefined) failures.push({ change, reason: `its predecessor could not be removed: ${reason}` });
  };
  const undone = new Set<Change<S>>();
  const left = changes.filter((change) => isTakenBack(change) && outcomes.get(change)?.kind === "stuck");
  await Promise.all(
    made.map(async (change) => {
      if (!isTakenBack(change)) return settle(change);
      if (await isUndone(change)) undone.add(change);
      else left.push(change);
    }),
  );
  return {
    failures,
    waiting: those("waiting"),
    isTakenBack: isRolledBack,
    undone: changes.filter((change) => undone.has(change)),
    left,
    done: made.filter((change) => !isTakenBack(change)),
    warnings: [...warnings],
    met,
  };
}

function failing(change: Change<unknown>): string {
  return `${slotOf(change)} on ${change.host} failed`;
}

function dependantsIn<S>(changes: readonly Change<S>[]): ReadonlyMap<Change<S>, readonly Change<S>[]> {
  const dependants = new Map<Change<S>, Change<S>[]>();
  for (const change of changes)
    for (const need of change.needs) {
      const known = dependants.get(need);
      if (known === undefined) dependants.set(need, [change]);
      else known.push(change);
    }
  return dependants;
}
