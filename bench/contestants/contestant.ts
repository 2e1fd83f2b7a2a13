export type Step =
  | { readonly op: "scale"; readonly to: number }
  | { readonly op: "preview" }
  /** Changes the environment, so that every process is replaced. */
  | { readonly op: "release" };

/** Measurements of one step: times in seconds, memory in MB. */
export type Sample = Readonly<Partial<Record<Measure, number>>>;
export type Measure = "whole" | "work" | "calls" | "inFlight" | "memory";

/** Way to run a number of processes, which the benchmark compares with others. */
export interface Contestant {
  /** Sets up, once, and starts nothing; absent where there is nothing to set up. */
  prepare?(): Promise<void>;
  /** Takes a step. @returns undefined when the contestant has no such step */
  perform(step: Step): Promise<Sample | undefined>;
  /** Removes all that the contestant has made, wherever it was interrupted. */
  cleanUp(): Promise<void>;
}

export async function seconds(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return (performance.now() - start) / 1000;
}
