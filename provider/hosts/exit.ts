import { Refusal } from "./refusal";

/** What an engine answers when it is asked to wait for a process. */
export interface Exit {
  readonly StatusCode: number;
  /** Why it could not wait, answered with success all the same. */
  readonly Error?: { readonly Message?: string } | null;
}

/** @throws when the wait itself failed */
export function exitCodeIn({ StatusCode: code, Error: failure }: Exit): number {
  if (failure?.Message) throw new Refusal(500, failure.Message);
  return code;
}
