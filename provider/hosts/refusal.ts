/** An engine's answer that it will not, or cannot, or need not. */
export class Refusal extends Error {
  /** @param status of HTTP @param words the engine's own */
  constructor(
    readonly status: number,
    words: string,
  ) {
    super(words);
  }
}

/** The engine's answer that an error came of, however often it has been wrapped since. */
export function refusalOf(error: unknown): Refusal | undefined {
  if (error instanceof Refusal) return error;
  return error instanceof Error && error.cause !== undefined ? refusalOf(error.cause) : undefined;
}

/** The HTTP status that an engine answered with, if it answered. */
export function statusOf(error: unknown): number | undefined {
  return refusalOf(error)?.status;
}

/** Tells that there was nothing to do. */
export function isAlreadySo(error: unknown): boolean {
  return statusOf(error) === 304;
}
