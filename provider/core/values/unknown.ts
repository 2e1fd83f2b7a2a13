/**
 * A value that Pulumi does not know before `up`, such as the name of an image that is still to be built. It is a value
 * like any other here: guards skip it, and the plan says that it decides at `up`.
 */
export const UNKNOWN: unique symbol = Symbol("known at up");
export type Unknown = typeof UNKNOWN;
export type Maybe<T> = T | Unknown;

export function isKnown<T>(value: Maybe<T>): value is T {
  return value !== UNKNOWN;
}

/** True when an unknown stands anywhere in a tree of plain data. */
export function containsUnknown(value: unknown): boolean {
  if (value === UNKNOWN) return true;
  return typeof value === "object" && value !== null && Object.values(value).some(containsUnknown);
}

/** Stands for the names of variables that are known only at `up`. */
export const UNNAMED = "?";
