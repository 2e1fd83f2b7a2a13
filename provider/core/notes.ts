import type { FormationError } from "./errors";
import type { ObservedHost } from "./observed";

// What a person should know of a plan, whoever places the processes.

/** What is missing now, in a preview of what another resource may still make. */
export function untilThen(absent: FormationError): string {
  return `${absent.message}: up refuses unless it is made by then`;
}

/** Containers that only look like the formation's: they are left alone, and nobody should wonder why. */
export function copyNotes(observed: readonly Pick<ObservedHost, "name" | "copies">[]): string[] {
  return observed.flatMap(({ name: host, copies = [] }) =>
    copies.map((copy) => `${copy} on ${host} has labels of this formation, but was not made by it: it is left alone`),
  );
}
