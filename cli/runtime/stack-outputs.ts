import { isDeepStrictEqual } from "node:util";
import type { Properties } from "./grpc";
import { opened } from "./seals";

/** Outputs of a Formation that a stack may put out as they are. */
const FOLLOWED = [
  ...["formation", "running", "summary", "instances", "endpoints", "backends", "backendsByHost"],
  ...["budgets", "release", "log"],
];

/**
 * The stack's outputs once a Formation has other outputs: all that it put out before, and where that was an output of
 * the Formation, what that is now.
 *
 * @returns `undefined` when nothing is to be put out anew
 */
export function outputsAfter(stack: Properties, before: Properties, after: Properties): Properties | undefined {
  const now = opened(after) as Properties;
  const changed = Object.entries(stack).flatMap(([name, value]) => {
    const output = outputBehind(name, value, before);
    return output === undefined || isDeepStrictEqual(now[output], value) ? [] : [[name, now[output]] as const];
  });
  return changed.length === 0 ? undefined : { ...stack, ...Object.fromEntries(changed) };
}

/** By its name if that fits, else by its value, as long as that could hardly be anything else's. */
function outputBehind(name: string, value: unknown, before: Properties): string | undefined {
  const isIt = (output: string) => before[output] !== undefined && isDeepStrictEqual(before[output], value);
  if (FOLLOWED.includes(name)) return isIt(name) ? name : undefined;
  const isTelling = typeof value === "object" && value !== null && Object.keys(value).length > 0;
  return isTelling ? FOLLOWED.find(isIt) : undefined;
}
