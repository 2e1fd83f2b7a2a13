import { isDeepStrictEqual } from "node:util";
import type { Properties } from "./grpc";
import { opened } from "./seals";

/** Outputs of a Formation that a stack may export unchanged. */
const FOLLOWED = [
  "formation",
  "running",
  "summary",
  "instances",
  "endpoints",
  "backends",
  "backendsByHost",
  "budgets",
  "release",
  "log",
];

/**
 * Updates the stack's outputs after a change of a Formation: outputs that came from the Formation get its new values,
 * all others stay.
 *
 * @returns `undefined` when no output changes
 */
export function outputsAfter(stack: Properties, before: Properties, after: Properties): Properties | undefined {
  const now = opened(after) as Properties;
  const changed = Object.entries(stack).flatMap(([name, value]) => {
    const output = outputBehind(name, value, before);
    return output === undefined || isDeepStrictEqual(now[output], value) ? [] : [[name, now[output]] as const];
  });
  return changed.length === 0 ? undefined : { ...stack, ...Object.fromEntries(changed) };
}

/** Finds the Formation's output by its name, else by its value if that is hardly a coincidence. */
function outputBehind(name: string, value: unknown, before: Properties): string | undefined {
  const isIt = (output: string) => before[output] !== undefined && isDeepStrictEqual(before[output], value);
  if (FOLLOWED.includes(name)) return isIt(name) ? name : undefined;
  const isTelling = typeof value === "object" && value !== null && Object.keys(value).length > 0;
  return isTelling ? FOLLOWED.find(isIt) : undefined;
}
