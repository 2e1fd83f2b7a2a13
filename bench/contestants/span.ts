import type { Call } from "../../test/support/engine-proxy";

/** Seconds from the beginning of the first call to the end of the last. */
export function span(calls: readonly Call[]): number {
  const first = Math.min(...calls.map((call) => call.began));
  const last = Math.max(...calls.map((call) => call.ended ?? call.began));
  return calls.length === 0 ? 0 : (last - first) / 1000;
}
