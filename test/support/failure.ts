export interface Failure {
  readonly code: string;
  /** Message and hint, as people read them. */
  readonly text: string;
  readonly seconds: number;
}

/** Failure of some work, and the time until it came. */
export async function failureOf(work: Promise<unknown>): Promise<Failure> {
  const begin = performance.now();
  const error = (await work.then(
    () => new Error("it did not fail"),
    (error: unknown) => error,
  )) as Error & { code?: string; hint?: string };
  const seconds = (performance.now() - begin) / 1000;
  return { code: error.code ?? "", text: `${error.message}: ${error.hint ?? ""}`, seconds };
}
