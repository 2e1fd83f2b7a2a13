export interface Failure {
  readonly code: string;
  /** The message and the hint, as people read them. */
  readonly text: string;
  readonly seconds: number;
}

/** What a promise was rejected with, and how soon. */
export async function failureOf(work: Promise<unknown>): Promise<Failure> {
  const begin = performance.now();
  const error = (await work.then(
    () => new Error("it did not fail"),
    (error: unknown) => error,
  )) as Error & { code?: string; hint?: string };
  const seconds = (performance.now() - begin) / 1000;
  return { code: error.code ?? "", text: `${error.message}: ${error.hint ?? ""}`, seconds };
}
