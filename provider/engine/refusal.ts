/** An answer with an HTTP status of failure, or with 304 for a call that has nothing to do. */
export class Refusal extends Error {
  /** @param status of HTTP @param words the engine's own */
  constructor(
    readonly status: number,
    words: string,
  ) {
    super(words);
  }
}

/** Finds the refusal that an error goes back to, through all its causes. */
export function refusalOf(error: unknown): Refusal | undefined {
  if (error instanceof Refusal) return error;
  return error instanceof Error && error.cause !== undefined ? refusalOf(error.cause) : undefined;
}

/** @returns the HTTP status of the refusal, `undefined` for any other error */
export function statusOf(error: unknown): number | undefined {
  return refusalOf(error)?.status;
}

/** True when the engine found nothing to do. */
export function isAlreadySo(error: unknown): boolean {
  return statusOf(error) === 304;
}
