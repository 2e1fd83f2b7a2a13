import type { DesiredInstance } from "../../provider/core/desired";
import { explain, FormationError, hasCode } from "../../provider/core/errors";
import { ONE_OFF, processName } from "../../provider/core/names";
import type { Spec } from "../../provider/core/spec";
import { runAttached } from "../../provider/hosts/attached";
import { connect } from "../../provider/hosts/connect";
import type { HostEntry } from "../../provider/hosts/transport";
import { reach } from "../../provider/hosts/reach";
import type { Look } from "../look/look";
import { ownTerminal } from "./terminal";

/** The first host, in the order of the declaration, that can be reached. */
export function placeFor(looks: readonly Look[], entries: readonly HostEntry[]): HostEntry {
  const at = looks.findIndex((look) => look.kind === "seen");
  const entry = entries[at];
  if (entry !== undefined) return entry;
  const reasons = looks.flatMap((look) => (look.kind === "lost" ? [look.reason] : []));
  throw new FormationError("HostUnreachable", reasons.join("\n"));
}

/** The lowest number that no one-off process has, on any host. */
export function freeIndex(seen: readonly { readonly type: string; readonly index: number }[]): number {
  const taken = new Set(seen.filter((one) => one.type === ONE_OFF).map((one) => one.index));
  let index = 1;
  while (taken.has(index)) index++;
  return index;
}

export interface Circumstances {
  readonly spec: Spec;
  readonly tty: boolean;
  readonly note: (line: string) => void;
}

/** Runs it under the first number that is still free when it comes to it. @returns its exit code */
export async function runOn(
  entry: HostEntry,
  want: (index: number) => DesiredInstance,
  index: number,
  circumstances: Circumstances,
  isPulled = false,
): Promise<number> {
  const engine = reach(entry);
  const one = want(index);
  try {
    circumstances.note(`Running ${processName(ONE_OFF, index)} on ${engine.host.name}`);
    return await runAttached(engine, one, ownTerminal(circumstances.tty));
  } catch (error) {
    if (hasCode(error, "NameTaken")) return await runOn(entry, want, index + 1, circumstances, isPulled);
    // An engine may call a pull done, and not have the image all the same.
    if (isPulled || !isImageMissing(error)) throw error;
    await pull(entry, one, circumstances);
    return await runOn(entry, want, index, circumstances, true);
  } finally {
    engine.close();
  }
}

function isImageMissing(error: unknown): boolean {
  return hasCode(error, "NotFound") && /no such image/i.test(explain(error));
}

/** As an update would. @throws ImageMissing */
async function pull(entry: HostEntry, { image }: DesiredInstance, { spec, note }: Circumstances): Promise<void> {
  const [host] = connect([entry], undefined, {});
  try {
    await host?.pull(String(image), spec, note);
  } finally {
    host?.close();
  }
}
