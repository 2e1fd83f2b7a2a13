import type { FormationError } from "../values/errors";
import type { ObservedHost } from "../model/observed";

// Notes for the reader of a plan, whichever orchestrator places the processes.

/** The note on something that is missing now, but that another resource may make by the time of `up`. */
export function untilThen(absent: FormationError): string {
  return `${absent.message}: up refuses unless it is made by then`;
}

/** Notes on containers that only carry the formation's labels: they are left alone, and nobody should wonder why. */
export function copyNotes(observed: readonly Pick<ObservedHost, "name" | "copies">[]): string[] {
  return observed.flatMap(({ name: host, copies = [] }) =>
    copies.map((copy) => `${copy} on ${host} has labels of this formation, but was not made by it: it is left alone`),
  );
}
