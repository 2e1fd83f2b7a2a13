import { slotOf, type Change } from "./change";
import { hasCode, type ErrorCode } from "../values/errors";

/** The world that a step has met: as it was when the plan was made, certainly another, or either. */
export type World = "planned" | "another" | "either";

/**
 * Errors with which an engine says that something is gone, has got the name or is in another state; or was never there.
 */
const EITHER: readonly ErrorCode[] = ["NotFound", "NameTaken", "EngineRefused", "TaskLost"];

export function worldIn(error: unknown): World {
  if (hasCode(error, "Vanished")) return "another";
  return EITHER.some((code) => hasCode(error, code)) ? "either" : "planned";
}

/** The result of a plan. */
interface Attempts {
  readonly failures: readonly { readonly change: Change<unknown> }[];
  readonly done: readonly Change<unknown>[];
  readonly met: ReadonlySet<World>;
}

/**
 * True when a plan failed for no other reason than that the world had changed since: the plan for now is not just the
 * rest of it. The plan for a removal never differs, so that it is tried again in any case.
 */
export function isOvertaken(
  planned: readonly Change<unknown>[],
  { failures, done, met }: Attempts,
  now: readonly Change<unknown>[],
): boolean {
  if (failures.length === 0 || met.has("planned")) return false;
  if (met.has("another") || failures.some(({ change }) => change.verb === "remove")) return true;
  const left = new Set(planned);
  for (const change of done) left.delete(change);
  return signature([...left]) !== signature(now);
}

function signature(changes: readonly Change<unknown>[]): string {
  const line = (change: Change<unknown>) => {
    const containers = change.steps.flatMap((step) => (step as { readonly container?: string }).container ?? []);
    return `${slotOf(change)} ${change.verb} ${change.host} ${[...new Set(containers)].sort().join(" ")}`;
  };
  return changes.map(line).sort().join("\n");
}

/** One plan of an update, with its result. */
interface Round extends Attempts {
  readonly waiting: readonly { readonly change: Change<unknown> }[];
  readonly undone: readonly Change<unknown>[];
  readonly left: readonly Change<unknown>[];
}

/**
 * All changes that an update has done, however many plans it took: a change that failed at first counts when it is no
 * longer wanted, or a later plan did it.
 *
 * @param blocked slots that the last plan had to leave undone
 */
export function doneInAll(
  earlier: readonly Round[],
  last: Round,
  blocked: readonly { readonly slot: string }[],
): readonly Change<unknown>[] {
  const all = (round: Round) =>
    [...round.failures, ...round.waiting].map(({ change }) => change).concat(round.undone, round.left);
  const open = new Set([...all(last).map(slotOf), ...blocked.map(({ slot }) => slot)]);
  const done = new Set<Change<unknown>>();
  const continued = new Set<string>();
  for (const round of earlier) {
    for (const change of round.done) if (!continued.has(slotOf(change))) done.add(change);
    for (const change of all(round)) {
      if (open.has(slotOf(change)) || continued.has(slotOf(change))) continue;
      continued.add(slotOf(change));
      done.add(change);
    }
  }
  for (const change of last.done) if (!continued.has(slotOf(change))) done.add(change);
  return [...done];
}
