import { after } from "../../../core/plan/after";
import { plainChange, removal, type Change } from "../../../core/model/change";
import { isReleased } from "../../../core/model/configuration";
import { ownVolumes } from "../../../core/inputs/container/mounts";
import { isKnown } from "../../../core/values/unknown";
import type { Draft } from "./draft";
import type { Room } from "./placement";
import { desiredOneOff } from "../../../core/model/desired";
import { RELEASE } from "../../../core/values/names";
import { asImageIs } from "../../../core/model/as-image-is";
import { imageAt, imageConfigAt, type ObservedInstance } from "../../../core/model/observed";

/**
 * Puts the release command first, once per release, and makes everything wait for it. A change of quantities alone is
 * no release, and neither is the repair of running processes.
 *
 * @param firsts changes that come before anything else
 * @param leftovers containers of a run of the command that was interrupted
 * @param isFirst true when nothing runs yet
 */
export function withReleaseCommand(
  { wanted, hosts, sites }: Draft,
  firsts: readonly Change[],
  changes: readonly Change[],
  leftovers: readonly ObservedInstance[],
  isFirst: boolean,
): Change[] {
  const { spec, identity, rooms, released, keepsReleases } = wanted;
  const removals = leftovers.map((instance) => removal(instance, "repair", "left by an interrupted release"));
  const cleared = [...removals, ...firsts];
  // A leftover on an unreachable host delays only the command.
  const awaited = [...removals.filter((_, at) => leftovers[at]?.state !== "unknown"), ...firsts];
  // The command works on the data that the processes of the app work on.
  const site = ownVolumes(spec.settings).flatMap((name) => (isKnown<string>(name) ? (sites.get(name) ?? []) : []))[0];
  const isUsable = ({ name, abandoned }: Room) => !abandoned && hosts.get(name)?.unreachable === undefined;
  const room = rooms.find((one) => isUsable(one) && (site === undefined || one.name === site));
  const isRelease = isFirst || (keepsReleases !== true && changes.some((change) => change.reason === "release"));
  if (spec.release === undefined || room === undefined || changes.length === 0 || !isRelease)
    return [...cleared, ...after(awaited, changes)];
  if (isReleased(spec, imageAt(hosts.get(room.name), spec.image), identity, released))
    return [...cleared, ...after(awaited, changes)];
  const made = desiredOneOff(spec, RELEASE, 1, spec.release.command, identity);
  const want = asImageIs(made, imageConfigAt(hosts.get(room.name), spec.image), false);
  const command = plainChange({
    type: RELEASE,
    index: 1,
    host: room.name,
    singleton: true,
    verb: "run",
    reason: "release",
    cause: "before this release",
    needs: cleared,
    steps: [{ op: "once", want, timeout: spec.release.timeout }],
  });
  return [...cleared, command, ...after([command], changes, firsts)];
}
