import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

let settled = false;

/**
 * Loading Pulumi fills V8's space for young objects with what then stays. Left to itself, V8 copies that to and fro in
 * there until it counts as old, and keeps the memory that it touched: some 15 MB. One collection of all moves it at once.
 */
export function settleYoungObjects(): void {
  if (settled) return;
  settled = true;
  setFlagsFromString("--expose-gc");
  (runInNewContext("globalThis.gc") as (() => void) | undefined)?.();
}
