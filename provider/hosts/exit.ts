import { whole } from "./whole";

/** What an engine answers when it is asked to wait for a process. */
export interface Exit {
  readonly StatusCode: number;
  /** Why it could not wait, answered with success all the same. */
  readonly Error?: { readonly Message?: string } | null;
}

/** @throws when the wait itself failed, or its answer does not say how the process ended */
export function exitCodeIn({ StatusCode: code, Error: failure }: Exit): number {
  if (failure?.Message) throw Object.assign(new Error(failure.Message), { statusCode: 500 });
  return whole({ code }, { code: "number" }).code;
}
