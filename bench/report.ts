import type { ContestantName } from "./contestants";
import type { Measure } from "./contestants/contestant";
import type { Figures, Statistics } from "./figures";
import { floorOf, outcomes } from "./goals";

interface Line {
  readonly by: ContestantName;
  readonly measure: Measure;
  readonly words: string;
}

const lines: readonly Line[] = [
  { by: "empty", measure: "whole", words: "empty program" },
  { by: "trivial", measure: "whole", words: "one trivial dynamic resource" },
  { by: "ours", measure: "work", words: "Formation, engine work" },
  { by: "ours", measure: "whole", words: "Formation, whole command" },
  { by: "monitored", measure: "work", words: "Formation, default monitor, engine work" },
  { by: "monitored", measure: "whole", words: "Formation, default monitor, whole command" },
  { by: "compose", measure: "whole", words: "docker compose" },
  { by: "ours", measure: "memory", words: "Formation, provider's memory (MB)" },
];

const head = ["step", "what", "min", "median", "max", "× floor", "calls", "at once", "goals"];

/** A table in Markdown, in seconds: every step, and in it the floor, what is above it, and the goals. */
export function table(figures: Figures): string {
  const rows = [...figures.titles].flatMap((title) => rowsOf(title, figures));
  return align([head, ...rows]);
}

function rowsOf(title: string, figures: Figures): string[][] {
  const floor = floorOf(title, figures);
  const floorRow = floor && [title, `floor, ${floor.by.split("-")[1]} at once`, ...times(floor), "1.00", "", "", ""];
  const rows = lines.flatMap(({ by, measure, words }) => {
    const taken = figures.of(title, by, measure);
    if (taken === undefined) return [];
    const ratio = floor === undefined || measure === "memory" ? "" : (taken.median / floor.median).toFixed(2);
    const counts = (["calls", "inFlight"] as const).map(
      (count) => figures.of(title, by, count)?.median.toFixed() ?? "",
    );
    const goals = by === "ours" ? outcomes(title, measure, taken.median, figures).join("; ") : "";
    return [[title, words, ...times(taken, measure === "memory" ? 0 : 2), ratio, ...counts, goals]];
  });
  return [...(floorRow === undefined ? [] : [floorRow]), ...rows];
}

function times({ min, median, max }: Statistics, digits = 2): string[] {
  return [min, median, max].map((value) => value.toFixed(digits));
}

function align(rows: readonly string[][]): string {
  const widths = head.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const line = (row: readonly string[]) => `| ${row.map((cell, at) => cell.padEnd(widths[at] ?? 0)).join(" | ")} |`;
  const [first = [], ...rest] = rows;
  return [line(first), line(widths.map((width) => "-".repeat(width))), ...rest.map(line)].join("\n");
}
