import type { Budget } from "../guards/connections";
import { slotOf } from "../model/change";
import { sortTypes, type Formation } from "../values/formation";
import { entryOf } from "../values/entry";
import { plainLine } from "../values/plain";
import type { Plan } from "./plan";
import type { Resolution, Source } from "../scale";
import { isKnown } from "../values/unknown";

/** The change of the whole formation, for the first line of a plan. */
export interface FormationChange {
  readonly before: Formation | undefined;
  readonly after: Resolution["formation"];
  readonly sources: Readonly<Record<string, Source>>;
  /** Quantities that the program gives, for types that have another one. */
  readonly instead?: Formation;
  readonly order: readonly string[];
  readonly budgets?: Readonly<Record<string, Budget>>;
}

/** The full formation in the first line, then one aligned line for each change: slot, what happens where, why. */
export function formatPlan(
  formation: FormationChange,
  { changes, blocked, notes }: Pick<Plan<unknown>, "changes" | "blocked" | "notes">,
): string {
  const rows = changes.map(
    (change) =>
      [plainLine(slotOf(change)), plainLine(`${change.verb} on ${change.host}`), plainLine(change.cause)] as const,
  );
  const width = (column: 0 | 1, least: number) => Math.max(least, ...rows.map((row) => row[column].length));
  const first = width(0, "formation".length);
  const second = width(1, 0);
  const lines = rows.map(([slot, what, why]) => `${slot.padEnd(first)}  ${what.padEnd(second)}  ${why}`);
  return [
    `${"formation".padEnd(first)}  ${formatFormationChange(formation)}`,
    ...lines,
    ...Object.entries(formation.budgets ?? {}).map(
      ([name, { used, limit, detail }]) =>
        `${name.padEnd(first)}  ${used} of ${limit} connections${detail === "" ? "" : `  ${detail}`}`,
    ),
    ...blocked.map(({ slot, why }) => plainLine(`left undone: ${slot}: ${why}`)),
    ...notes.map((note) => plainLine(`note: ${note}`)),
  ].join("\n");
}

/**
 * Formats the whole formation: `web=2 → web=4, worker=1, clock=1 (kept)`, `web=4 (config; the program says 2)`. A
 * quantity from the program's `scale` has no mark.
 */
function formatFormationChange({ before, after, sources, instead, order }: FormationChange): string {
  const types = sortTypes(new Set([...Object.keys(after), ...Object.keys(before ?? {})]), order);
  const parts = types.flatMap((type) => {
    const was = entryOf(before, type);
    const wanted = entryOf(after, type);
    if (wanted === undefined) return was === 0 ? [] : [`${type}=${was} → removed`];
    const now = `${type}=${isKnown(wanted) ? wanted : "(known at up)"}`;
    const source = entryOf(sources, type);
    const program = entryOf(instead, type);
    const said = program === undefined ? "" : `; the program says ${program}`;
    const mark = source === undefined || source === "code" ? "" : ` (${source}${said})`;
    return [was === undefined || was === wanted ? now + mark : `${type}=${was} → ${now}${mark}`];
  });
  return parts.join(", ");
}
