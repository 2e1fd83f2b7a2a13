import { formatFormation, type Formation } from "../values/formation";
import type { Plan } from "./plan";
import type { Parsed } from "../guards/declaration";
import type { Spec } from "../inputs/spec";

// Words of a plan for inputs that are known only at `up`.

/** Inputs that no change depends on, or whose changes the plan itself names. */
const APART_FROM_CHANGES = /^(env|registryAuth|backingServices|silence)(\.|$)/;

export const CHANGES_LATER: Plan = {
  changes: [],
  blocked: [],
  shortages: [],
  notes: ["the changes are known at up"],
};

/** True when the inputs that are known are enough to tell the changes. */
export function isPlannable({ later }: Spec): boolean {
  return later.every((path) => APART_FROM_CHANGES.test(path));
}

/** True when it is known how many connections each process may take, and how many processes run side by side. */
export function isEachShareKnown({ later }: Spec): boolean {
  return !later.some((path) => /^(update|processes)\b/.test(path));
}

export function withLater<S>(planned: Plan<S>, { later }: Spec): Plan<S> {
  if (later.length === 0) return planned;
  return { ...planned, notes: [...planned.notes, `known at up: ${later.join(", ")}`] };
}

/** A plan of a formation whose types themselves are known only at `up`. */
export function formatLater({ paths }: Extract<Parsed, { readonly kind: "later" }>, before?: Formation): string {
  const now = before === undefined ? "" : `${formatFormation(before)} → `;
  return `formation  ${now}known at up: ${paths.join(", ")}`;
}
