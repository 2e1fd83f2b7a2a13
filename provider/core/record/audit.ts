import { slotOf, type Change, type Reason } from "../model/change";
import { formatFormation, type Formation } from "../values/formation";
import { plainLine } from "../values/plain";
import { isoTime, type Seconds } from "../values/units";

const KEPT_LINES = 100;

/** The outcome of the changes of a plan. */
interface Result {
  readonly done: readonly Change<unknown>[];
  readonly failures: readonly { readonly change: Change<unknown> }[];
  readonly waiting: readonly { readonly change: Change<unknown> }[];
  readonly isTakenBack: boolean;
  readonly undone: readonly Change<unknown>[];
  readonly left: readonly Change<unknown>[];
}

/** The changes that an update made to an app, as far as it got, and who made them. */
export interface AuditEntry {
  readonly actor: string;
  /** Seconds since the epoch. */
  readonly at: Seconds;
  readonly before: Formation | undefined;
  readonly after: Formation;
  readonly order: readonly string[];
  readonly result: Result;
  /** Number of slots that the plan itself left undone. */
  readonly blocked: number;
  readonly release: string;
}

/**
 * One line for each kind of change, each with the whole formation and who did it, in the words of Heroku's log:
 * `2026-11-23T15:04:05+00:00 formation[api]: Scale to web=2, worker=1, clock=0 by adam@example.com`
 */
export function auditLines(deed: AuditEntry): string[] {
  const { done, undone, failures, isTakenBack } = deed.result;
  const formation = formatFormation(deed.after, deed.order);
  const scaled = deed.before === undefined || formation !== formatFormation(deed.before, deed.order);
  // A release that was rolled back was attempted all the same.
  const tried = isTakenBack ? [...done, ...undone, ...failures.map(({ change }) => change)] : done;
  const some = (verb: string, reason: Reason): string[] => {
    const slots = tried.filter((change) => change.reason === reason).map(slotOf);
    return slots.length === 0 ? [] : [`${verb} ${enumerate([...new Set(slots)])} of ${formation}`];
  };
  const main = [
    ...(scaled ? [`Scale to ${formation}`] : []),
    ...(tried.some((change) => change.reason === "release")
      ? [`Release ${deed.release} to ${formation}`]
      : [...some("Restart", "restart"), ...some("Move", "move")]),
  ];
  const deeds = main.length > 0 ? main : some("Repair", "repair");
  const outcome = outcomeOf(deed);
  return deeds.map((what) => auditLine(deed.at, `${what} by ${deed.actor}${outcome === "" ? "" : ` (${outcome})`}`));
}

/** Counts the changes that were not done, each of them once. */
function outcomeOf({ result, blocked }: AuditEntry): string {
  const { done, failures, waiting, isTakenBack, undone, left } = result;
  if (isTakenBack && left.length === 0) return "failed, the former release was put back";
  const failed = new Set(failures.map(({ change }) => change));
  const all = new Set([...done, ...undone, ...failed, ...waiting.map(({ change }) => change)]);
  const [first, ...others] = [
    { count: failed.size, what: "failed" },
    { count: waiting.length, what: "not begun" },
    { count: blocked, what: "left undone" },
    { count: undone.length, what: "put back" },
  ].filter(({ count }) => count > 0);
  if (first === undefined) return "";
  const counts = [
    `${first.count} of ${all.size + blocked} changes ${first.what}`,
    ...others.map(({ count, what }) => `${count} ${what}`),
  ];
  return `${isTakenBack ? "failed, put back in part" : "incomplete"}: ${counts.join(", ")}`;
}

function auditLine(at: Seconds, text: string): string {
  const time = isoTime(at).replace(/\.\d+Z$/, "+00:00");
  return `${time} formation[api]: ${plainLine(text)}`;
}

export function appendToLog(log: readonly string[], lines: readonly string[]): string[] {
  return [...log, ...lines].slice(-KEPT_LINES);
}

/** Shortens a list: `web.1, web.2 and 7 more`. */
export function enumerate(slots: readonly string[]): string {
  return slots.length > 5 ? `${slots.slice(0, 5).join(", ")} and ${slots.length - 5} more` : slots.join(", ");
}
