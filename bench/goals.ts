import type { ContestantName } from "./contestants";
import type { Measure } from "./contestants/contestant";
import type { Figures, Statistics } from "./figures";

/** Upper limit for the median of a measure: printed with the outcome, never asserted. */
interface Goal {
  readonly measure: Measure;
  readonly steps: (title: string) => boolean;
  readonly words: string;
  /** Computes the limit. @returns undefined when the figures it is made of were not measured in this run */
  readonly limit: (title: string, figures: Figures) => number | undefined;
}

const changes = (title: string) => title.includes("→") || title.startsWith("release");
const atOnce: readonly ContestantName[] = ["floor-4", "floor-8", "floor-16"];

/** Finds the Engine API at its best: the floor with the least median. */
export function floorOf(title: string, figures: Figures): (Statistics & { readonly by: ContestantName }) | undefined {
  const floors = atOnce.flatMap((by) => {
    const taken = figures.of(title, by, "whole");
    return taken === undefined ? [] : [{ ...taken, by }];
  });
  return floors.sort((a, b) => a.median - b.median)[0];
}

const goals: readonly Goal[] = [
  {
    measure: "work",
    steps: changes,
    words: "1.10 × floor",
    limit: (title, figures) => times(1.1, floorOf(title, figures)?.median),
  },
  {
    measure: "work",
    steps: changes,
    words: "docker compose",
    limit: (title, figures) => figures.of(title, "compose", "whole")?.median,
  },
  {
    measure: "whole",
    steps: changes,
    words: "engine work + a trivial resource + 0.5 s",
    limit: (title, figures) =>
      sum(figures.of(title, "ours", "work")?.median, figures.of("0 → 1", "trivial", "whole")?.median, 0.5),
  },
  {
    measure: "whole",
    steps: (title) => changes(title) && !title.split(" ").includes("10"),
    words: "docker compose",
    limit: (title, figures) => figures.of(title, "compose", "whole")?.median,
  },
  ...["preview", "no change"].map((step): Goal => ({
    measure: "whole",
    steps: (title) => title.startsWith(step),
    words: "a trivial resource + 0.3 s",
    limit: (_, figures) => sum(figures.of(`${step} at 1`, "trivial", "whole")?.median, 0.3),
  })),
  { measure: "memory", steps: () => true, words: "150 MB", limit: () => 150 },
];

/** Judges one of our figures: a text like `≤ 1.54 (1.10 × floor): yes` for each of its goals. */
export function outcomes(title: string, measure: Measure, median: number, figures: Figures): string[] {
  return goals.flatMap((goal) => {
    if (goal.measure !== measure || !goal.steps(title)) return [];
    const limit = goal.limit(title, figures);
    if (limit === undefined) return [`≤ ${goal.words}: not measured`];
    return [`≤ ${limit.toFixed(2)} (${goal.words}): ${median <= limit ? "yes" : "**no**"}`];
  });
}

const times = (factor: number, value: number | undefined) => (value === undefined ? undefined : factor * value);

function sum(...values: readonly (number | undefined)[]): number | undefined {
  return values.reduce((total, value) => (total === undefined || value === undefined ? undefined : total + value));
}
