import { entryOf } from "../../provider/core/values/entry";
import type { Formation } from "../../provider/core/values/formation";
import { TYPE_NAME_WITHIN } from "../../provider/core/values/names";

/** A parsed line of the audit log. */
export interface Deed {
  /** ISO 8601, UTC. */
  readonly at: string;
  /** `Scale`, `Release 1f2e3d4c` or `Repair web.1`. */
  readonly what: string;
  readonly formation: Formation;
  readonly actor: string;
  /** The part of the change that was not done, if any. */
  readonly failure?: string;
}

/** A change as the history shows it. */
export interface Entry extends Deed {
  /** `web=2 → web=3`; for a first deployment, the whole formation. */
  readonly changed: string;
  /** The number of Pulumi's update, where it is known. */
  readonly version?: number;
}

/** One of Pulumi's updates. */
export interface Update {
  readonly version: number;
  /** Seconds since the epoch. */
  readonly start: number;
  readonly end: number;
}

const QUANTITIES = `${TYPE_NAME_WITHIN}=\\d+(?:, ${TYPE_NAME_WITHIN}=\\d+)*`;
const LINE = new RegExp(
  `^(\\S+) formation\\[api\\]: (\\S.*?) (?:to|of) (${QUANTITIES}) by (.*?)(?: \\(((?:incomplete|failed).*)\\))?$`,
);

/** @returns `undefined` for a line of another kind */
export function parseDeed(line: string): Deed | undefined {
  const [, at, what, quantities, actor, failure] = LINE.exec(line) ?? [];
  if (at === undefined || what === undefined || quantities === undefined || actor === undefined) return undefined;
  const pairs = quantities.split(", ").map((pair) => pair.split("=", 2) as [string, string]);
  const formation = Object.fromEntries(pairs.map(([type, quantity]) => [type, Number(quantity)]));
  return { at, what, formation, actor, ...(failure === undefined ? {} : { failure }) };
}

/** Changes from the log, each with the update that it was part of; oldest first, as both lists are. */
export function historyOf(log: readonly string[], updates: readonly Update[]): Entry[] {
  const deeds = log.flatMap((line) => parseDeed(line) ?? []);
  return deeds.map((deed, at) => {
    const second = Date.parse(deed.at) / 1000;
    // A line is written in the course of its update; both know whole seconds only.
    const update = updates.findLast(({ start, end }) => start <= second && second <= end);
    return {
      ...deed,
      changed: changeOf(deeds[at - 1]?.formation, deed),
      ...(update === undefined ? {} : { version: update.version }),
    };
  });
}

function changeOf(before: Formation | undefined, { what, formation }: Deed): string {
  if (what !== "Scale") return what;
  const differences = [...new Set([...Object.keys(before ?? {}), ...Object.keys(formation)])].flatMap((type) => {
    const [was, is] = [entryOf(before, type), entryOf(formation, type)];
    if (was === is) return [];
    return [was === undefined ? `${type}=${is}` : `${type}=${was} → ${is === undefined ? "removed" : `${type}=${is}`}`];
  });
  return differences.length === 0 ? "Scale" : differences.join(", ");
}
