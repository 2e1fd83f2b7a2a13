import { Refusal } from "./refusal";
import { whole } from "./whole";

/** Answer of an engine to a wait for a process. */
export interface Exit {
  readonly StatusCode: number;
  /** Reason of a wait that failed, which engines answer with success all the same. */
  readonly Error?: { readonly Message?: string } | null;
}

/** @throws when the wait itself failed, or its answer does not say how the process ended */
export function exitCodeIn({ StatusCode: code, Error: failure }: Exit): number {
  if (failure?.Message) throw new Refusal(500, failure.Message);
  return whole({ code }, { code: "number" }).code;
}
