export type Step =
  | { readonly op: "scale"; readonly to: number }
  | { readonly op: "preview" }
  /** A changed environment: every process is replaced. */
  | { readonly op: "release" };

/** What was measured of one step: times in seconds, memory in MB. */
export type Sample = Readonly<Partial<Record<Measure, number>>>;
export type Measure = "whole" | "work" | "calls" | "inFlight" | "memory";

/** One way to run a number of processes. */
export interface Contestant {
  /** Makes ready, once, and starts nothing; absent where there is nothing to make. */
  prepare?(): Promise<void>;
  /** `undefined` when it knows no such step. */
  perform(step: Step): Promise<Sample | undefined>;
  /** Removes all that it has made, at whatever point it was left. */
  cleanUp(): Promise<void>;
}

export async function seconds(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return (performance.now() - start) / 1000;
}
