import type { ContestantName } from "./contestants";
import type { Measure, Sample } from "./contestants/contestant";

/** Measurements by step, contestant and measure, in the order in which they came. */
export class Figures {
  readonly #values = new Map<string, number[]>();
  readonly titles = new Set<string>();

  add(title: string, contestant: ContestantName, sample: Sample): void {
    this.titles.add(title);
    for (const [measure, value] of Object.entries(sample)) {
      const key = keyOf(title, contestant, measure as Measure);
      this.#values.set(key, [...(this.#values.get(key) ?? []), value]);
    }
  }

  of(title: string, contestant: ContestantName, measure: Measure): Statistics | undefined {
    const values = this.#values.get(keyOf(title, contestant, measure));
    return values === undefined ? undefined : statistics(values);
  }

  toJSON(): unknown {
    return Object.fromEntries(this.#values);
  }
}

export interface Statistics {
  readonly min: number;
  readonly median: number;
  readonly max: number;
}

function statistics(values: readonly number[]): Statistics {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (index: number) => sorted[index] ?? NaN;
  const middle = (sorted.length - 1) / 2;
  return { min: at(0), median: (at(Math.floor(middle)) + at(Math.ceil(middle))) / 2, max: at(sorted.length - 1) };
}

const keyOf = (title: string, contestant: ContestantName, measure: Measure) => `${title} | ${contestant} | ${measure}`;
