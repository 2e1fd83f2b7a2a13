import { slotOf, type Change } from "./core/change";
import { explain, hasCode } from "./core/errors";
import type { Seconds } from "./core/units";
import { memoized } from "./core/memoized";
import { worldIn, type World } from "./core/other-world";

interface Failure {
  readonly change: Change<unknown>;
  /** What failed of it, and why; of one that waits, only why. */
  readonly reason: string;
}

/** What was not done; all else was. A partial success is a result like any other. */
export interface Report {
  readonly failures: readonly Failure[];
  /** Changes that were not begun, because of another that failed. */
  readonly waiting: readonly Failure[];
  /** Whether a release failed that is taken back for it. */
  readonly isTakenBack: boolean;
  /** Changes that were made and then taken back, because the release that they belong to failed. */
  readonly undone: readonly Change<unknown>[];
  /** Changes that were to be taken back, and of which something is left. */
  readonly left: readonly Change<unknown>[];
  /** Changes that were made and stand. */
  readonly done: readonly Change<unknown>[];
  readonly warnings: readonly string[];
  /** What the failures tell of the world that the plan was made for. */
  readonly met: ReadonlySet<World>;
}

export interface Progress {
  /** Called before each change begins. */
  readonly begin: (change: Change<unknown>) => void;
  /** A line that a one-off process wrote. */
  readonly line: (change: Change<unknown>, text: string) => void;
  readonly sleep: (seconds: Seconds) => Promise<void>;
  /** True when nothing more may be begun. */
  readonly stopped: () => boolean;
}

/**
 * Carries out one step. @returns warnings @throws Interrupted when the step's turn came too late for it to be begun, and
 * no process has been touched by its change so far
 */
export type Perform<S> = (step: S, change: Change<S>) => Promise<readonly string[]>;

export const INTERRUPTED = "the update was interrupted";

/** `stuck`: what it had done by the time that it ended could not be taken back. */
type Outcome = { readonly kind: "done" } | { readonly kind: "failed" | "stuck" | "waiting"; readonly reason: string };

/**
 * Carries out changes side by side, each after those that it needs; one that fails is taken back and takes only its
 * dependants with it. One that is part of a release stops the release, or has all of it taken back.
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

  /** @returns what went wrong and where, if anything did */
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
    // An interruption is no failure: only what it has cut short goes back.
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
  /** In the order of the plan, whichever came first. */
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
  /** @returns whether nothing is left of a change: in the opposite order, so that nothing comes back beside what it made way for. */
  const isUndone = memoized(async (change: Change<S>): Promise<boolean> => {
    const kind = outcomes.get(change)?.kind;
    if (kind !== "done") return kind !== "stuck";
    // What is no part of the release stays; only a singleton must not get a second one beside it.
    if (!isTakenBack(change)) return !change.singleton;
    const later = dependants.get(change) ?? [];
    // Of a type that stops first, what has come in the slot meanwhile, and stays, has taken its place.
    const holdsSlot = (one: Change<S>) => outcomes.get(one)?.kind === "done" && slotOf(one) === slotOf(change);
    const undone = await Promise.all(
      later.map(async (one) => (await isUndone(one)) && (isTakenBack(one) || !holdsSlot(one))),
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
