import type { DesiredInstance } from "../../provider/core/model/desired";
import { explain, FormationError, hasCode } from "../../provider/core/values/errors";
import { ONE_OFF, processName, RESERVED_TYPES } from "../../provider/core/values/names";
import type { ContainerSettings } from "../../provider/core/inputs/container/container-settings";
import type { Spec } from "../../provider/core/inputs/spec";
import { runAttached } from "../../provider/orchestrators/docker/container/attached";
import { connect } from "../../provider/orchestrators/connect";
import type { HostEntry } from "../../provider/engine/connect/transport";
import { reach } from "../../provider/orchestrators/viewers";
import type { Observation } from "../observe/observe";
import { ownTerminal } from "./terminal";

/**
 * Chooses the first reachable host, in the order of the declaration.
 *
 * @param wantsData true when the process works on volumes, which are where the app's processes are
 */
export function placeFor(
  looks: readonly Observation[],
  entries: readonly HostEntry[],
  wantsData = false,
): { readonly entry: HostEntry; readonly look: Observation | undefined } {
  const used = wantsData ? looks.findIndex((look) => look.kind === "seen" && look.containers.length > 0) : -1;
  const at = used >= 0 ? used : looks.findIndex((look) => look.kind === "seen");
  const entry = entries[at];
  if (entry !== undefined) return { entry, look: looks[at] };
  const reasons = looks.flatMap((look) => (look.kind === "lost" ? [look.reason] : []));
  throw new FormationError("HostUnreachable", reasons.join("\n"));
}

/** The lowest number that no one-off process has on any host. */
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

/** Exact image of the app's processes on a host, because the tag may refer to another one by now. */
export function deployedImage(look: Observation | undefined, image: unknown): string | undefined {
  if (look?.kind !== "seen") return undefined;
  const own = look.containers.filter((container) => container.image === image && !RESERVED_TYPES.has(container.type));
  return own.sort((a, b) => b.createdAt - a.createdAt)[0]?.imageId;
}

/** Limits of the named process type; by default those of `web`, else of the first type. */
export function limitsLike({ app, types }: Spec, name: string | undefined): ContainerSettings["size"] {
  const type =
    name === undefined
      ? (types.find((type) => type.name === "web") ?? types[0])
      : types.find((type) => type.name === name);
  if (type === undefined && name !== undefined)
    throw new FormationError("InvalidInput", `--like is ${JSON.stringify(name)}, which is no process type of ${app}`, {
      hint: `it has ${types.map((type) => type.name).join(", ")}`,
    });
  return type?.settings.size;
}

/**
 * Runs a one-off process, under the next number if another process takes its number first.
 *
 * @param exact the image that the app runs on this host, if known
 * @returns the exit code of the process
 */
export async function runOn(
  entry: HostEntry,
  want: (index: number) => DesiredInstance,
  index: number,
  circumstances: Circumstances,
  exact?: string,
  isPulled = false,
): Promise<number> {
  const engine = reach(entry);
  const made = want(index);
  const instance = exact === undefined ? made : { ...made, image: exact };
  try {
    circumstances.note(`Running ${processName(ONE_OFF, index)} on ${engine.host.name}`);
    return await runAttached(engine, instance, ownTerminal(circumstances.tty));
  } catch (error) {
    if (hasCode(error, "NameTaken")) return await runOn(entry, want, index + 1, circumstances, exact, isPulled);
    // An engine may report a pull as done without having the image.
    if (isPulled || !isImageMissing(error)) throw error;
    if (exact !== undefined) {
      circumstances.note(
        `the image that was deployed is gone from ${engine.host.name}: taking what ${String(made.image)} is now`,
      );
      return await runOn(entry, want, index, circumstances);
    }
    await pull(entry, instance, circumstances);
    return await runOn(entry, want, index, circumstances, undefined, true);
  } finally {
    engine.close();
  }
}

function isImageMissing(error: unknown): boolean {
  return hasCode(error, "NotFound") && /no such image/i.test(explain(error));
}

/** Pulls the image as an update would. @throws ImageMissing */
async function pull(entry: HostEntry, { image }: DesiredInstance, { spec, note }: Circumstances): Promise<void> {
  const [host] = connect([entry], undefined, {});
  try {
    await host?.pull(String(image), spec, note);
  } finally {
    host?.close();
  }
}
