import { entryOf } from "../../provider/core/values/entry";
import type { Formation } from "../../provider/core/values/formation";
import { plainLine } from "../../provider/core/values/plain";
import { formatBytes } from "../../provider/core/values/units";
import { cut, tableLines, type Cells } from "../terminal/table";
import type { Counted, Row } from "./rows";
import { stateText, type State } from "./state";

/** Formatting of the table. */
export interface Look {
  readonly wide: boolean;
  /** Width of the terminal; without one nothing is cut. */
  readonly width: number | undefined;
  /** Colours for a terminal; elsewhere they leave text unchanged. */
  readonly paint: Readonly<Record<"good" | "bad" | "doubtful", (text: string) => string>>;
}

const TONES: { readonly [K in State["kind"]]: keyof Look["paint"] } = {
  up: "good",
  starting: "doubtful",
  unhealthy: "bad",
  restarting: "bad",
  crashed: "bad",
  dead: "bad",
  stopped: "doubtful",
  paused: "doubtful",
  created: "doubtful",
  stopping: "doubtful",
  missing: "bad",
  unknown: "doubtful",
};

/** Formats the table, then the running and wanted quantities: `web 2/3, worker 1/1`. */
export function psLines(rows: readonly Row[], counts: readonly string[], look: Look): string[] {
  const cells = rows.map((row) => cellsOf(row, look));
  return [...(cells.length === 0 ? [] : [...tableLines(fitted(cells, look.width)), ""]), counts.join(", ")];
}

/** @param types to count, in the order of the output */
export function counts(types: readonly string[], running: Counted, wanted: Formation): string[] {
  return types.map((type) => plainLine(`${type} ${entryOf(running, type) ?? "?"}/${entryOf(wanted, type) ?? 0}`));
}

function cellsOf(row: Row, { wide, paint }: Look): Cells {
  const tone = paint[row.mark === undefined ? TONES[row.state.kind] : "doubtful"];
  const { place, usage } = row;
  return {
    Process: plainLine(row.name),
    State: tone(plainLine(rowState(row))),
    ...(wide
      ? {
          Host: plainLine(place?.host ?? "-"),
          Release: place?.release?.() ?? "-",
          Container: place?.container.slice(0, 12) ?? "-",
          Memory: usage === undefined ? "-" : formatBytes(usage.memory),
          CPU: usage === undefined ? "-" : `${Math.round(usage.cpus * 100)}%`,
        }
      : {}),
    Command: plainLine(row.command),
  };
}

function rowState({ state, mark }: Row): string {
  return mark === undefined ? stateText(state) : `${mark}, ${stateText(state)}`;
}

/** Cuts commands to the width that the other columns leave. */
function fitted(cells: readonly Cells[], width: number | undefined): readonly Cells[] {
  if (width === undefined) return cells;
  const whole = tableLines(cells.map((one) => ({ ...one, Command: "" })));
  // The rule under the heads shows the width of the columns.
  const taken = (whole[1]?.length ?? 0) - "Command".length;
  return cells.map((one) => ({
    ...one,
    Command: cut(one["Command"] ?? "", Math.max("Command".length, width - taken)),
  }));
}
