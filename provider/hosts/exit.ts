/** Answer of an engine to a wait for a process. */
export interface Exit {
  readonly StatusCode: number;
  /** Reason of a wait that failed, which engines answer with success all the same. */
  readonly Error?: { readonly Message?: string } | null;
}

/** @throws when the wait itself failed */
export function exitCodeIn({ StatusCode: code, Error: failure }: Exit): number {
  if (failure?.Message) throw Object.assign(new Error(failure.Message), { statusCode: 500 });
  return code;
}
