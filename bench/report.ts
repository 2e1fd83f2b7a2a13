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
  { by: "trivial", measure: "memory", words: "one trivial dynamic resource, its provider's memory (MB)" },
  { by: "ours", measure: "work", words: "Formation, engine work" },
  { by: "ours", measure: "whole", words: "Formation, whole command" },
  { by: "ours", measure: "memory", words: "Formation, its provider's memory (MB)" },
  { by: "monitored", measure: "work", words: "Formation with the default monitor, engine work" },
  { by: "monitored", measure: "whole", words: "Formation with the default monitor, whole command" },
  { by: "compose", measure: "whole", words: "docker compose" },
];

const head = ["step", "what", "min", "median", "max", "× floor", "calls", "at once", "goals"];

/** Makes a Markdown table, in seconds: for every step the floor, the contestants above it, and the goals. */
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
    const isTime = measure !== "memory";
    const ratio = floor !== undefined && isTime ? (taken.median / floor.median).toFixed(2) : "";
    const counts = (["calls", "inFlight"] as const).map((count) =>
      isTime ? (figures.of(title, by, count)?.median.toFixed() ?? "") : "",
    );
    const goals = by === "ours" ? outcomes(title, measure, taken.median, figures).join("; ") : "";
    return [[title, words, ...times(taken, isTime ? 2 : 0), ratio, ...counts, goals]];
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
