import { slotOf, type Change, type Reason } from "./change";
import { formatFormation, type Formation } from "./formation";

const KEPT_LINES = 100;

/** What an update did to an app, as far as it got. */
export interface Deed {
  readonly actor: string;
  /** Seconds since the epoch. */
  readonly at: number;
  readonly before: Formation | undefined;
  readonly after: Formation;
  readonly order: readonly string[];
  /** The changes that were made and stand. */
  readonly done: readonly Change<unknown>[];
  /** How many changes failed, were taken back, or were left undone. */
  readonly failures: number;
  /** Whether a release was begun and taken back. */
  readonly rolledBack: boolean;
  readonly release: string;
}

/**
 * One line for each kind of change, each with the whole formation and who did it, in the words of Heroku's log:
 * `2026-11-23T15:04:05+00:00 formation[api]: Scale to web=2, worker=1, clock=0 by adam@example.com`
 */
export function auditLines(deed: Deed): string[] {
  const formation = formatFormation(deed.after, deed.order);
  const scaled = deed.before === undefined || formation !== formatFormation(deed.before, deed.order);
  const released = deed.rolledBack || deed.done.some((change) => change.reason === "release");
  const some = (verb: string, reason: Reason): string[] => {
    const slots = deed.done.filter((change) => change.reason === reason).map(slotOf);
    return slots.length === 0 ? [] : [`${verb} ${enumerate([...new Set(slots)])} of ${formation}`];
  };
  const main = [
    ...(scaled ? [`Scale to ${formation}`] : []),
    ...(released
      ? [`Release ${deed.release} to ${formation}`]
      : [...some("Restart", "restart"), ...some("Move", "move")]),
  ];
  const deeds = main.length > 0 ? main : some("Repair", "repair");
  const missing =
    deed.failures === 0 ? "" : ` (incomplete: ${deed.failures} of ${deed.done.length + deed.failures} changes failed)`;
  const outcome = deed.rolledBack ? " (failed, the former release was put back)" : missing;
  return deeds.map((what) => auditLine(deed.at, `${what} by ${deed.actor}${outcome}`));
}

function auditLine(at: number, text: string): string {
  const time = new Date(at * 1000).toISOString().replace(/\.\d+Z$/, "+00:00");
  return `${time} formation[api]: ${withoutControls(text)}`;
}

export function appendToLog(log: readonly string[], lines: readonly string[]): string[] {
  return [...log, ...lines].slice(-KEPT_LINES);
}

/** A name with a line break or an escape sequence in it must not forge a line or colour a terminal. */
export function withoutControls(text: string): string {
  return text.replace(/(?!\t)[\p{Cc}\p{Cf}\u2028\u2029]/gu, "");
}

/** `web.1, web.2 and 7 more` */
export function enumerate(slots: readonly string[]): string {
  return slots.length > 5 ? `${slots.slice(0, 5).join(", ")} and ${slots.length - 5} more` : slots.join(", ");
}
