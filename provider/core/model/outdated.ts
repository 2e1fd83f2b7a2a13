import type { Reason, Readiness, Step, Verb } from "./change";
import { differences, type Configuration } from "./configuration";
import { DEFAULT_SETTINGS } from "../inputs/container/container-settings";
import { likeness, type Image } from "../values/image";
import type { ContainerState, ObservedInstance } from "./observed";
import type { ProcessType } from "../inputs/process-type";
import { isKnown, type Maybe } from "../values/unknown";

// Reasons to replace, and ways to repair, a container that keeps its slot.

const RESTART = "restart";

export interface Why {
  readonly reason: Reason;
  readonly cause: string;
}

/**
 * Reason why a container no longer is as wanted, if so. @param now the image that the reference means on its host now
 */
export function outdatedBecause(
  one: Pick<ObservedInstance, "image" | "imageId" | "imageContent" | "configuration">,
  image: Maybe<string>,
  wanted: Configuration,
  now: Image | undefined,
): Why | undefined {
  const causes: string[] = [];
  const { changed, later } = differences(wanted, one.configuration);
  const undecided: string[] = later;
  if (!isKnown<string>(image)) undecided.unshift("image");
  else if (image !== one.image) causes.push(`image ${one.image} → ${image}`);
  else if (now !== undefined) causes.push(...rebuilt(one, image, now));
  const parts = changed.filter((part) => part !== "restart");
  if (parts.length > 0) causes.push(`${parts.join(", ")} changed`);
  if (changed.includes("restart")) causes.push(RESTART);
  if (causes.length === 0 && undecided.length > 0) causes.push(`if ${undecided.join(", ")} changes: known at up`);
  if (causes.length === 0) return undefined;
  return { reason: causes.length === 1 && causes[0] === RESTART ? "restart" : "release", cause: causes.join(", ") };
}

function rebuilt(
  { imageId: id, imageContent }: Pick<ObservedInstance, "imageId" | "imageContent">,
  image: string,
  now: Image,
): string[] {
  const was = imageContent === undefined ? { id } : { id, content: imageContent };
  const cause = {
    same: [],
    other: [`image ${image} rebuilt`],
    // Keeping the container would leave a release undone, and nobody would be told.
    gone: [`image ${image} may be rebuilt: the one it was made of is gone`],
    unseen: [`image ${image} may be rebuilt: its registry has another one`],
  };
  return cause[likeness(was, now)];
}

const BEYOND_REPAIR: Readonly<Partial<Record<ContainerState, string>>> = {
  // An engine that was killed while it started a container may never be able to start that one.
  created: "never started",
  restarting: "crash loop",
  dead: "dead",
  removing: "being removed",
};

/** Reason to make a container anew although its configuration is right, if there is one. */
export function beyondRepair(instance: ObservedInstance): Why | undefined {
  const cause = BEYOND_REPAIR[instance.state];
  return cause === undefined ? undefined : { reason: "repair", cause };
}

/**
 * Reason to replace a container whose settings were changed by hand: an engine cannot take a limit of CPUs or memory
 * away.
 */
export function changedByHand({ settings }: ObservedInstance, { settings: wanted }: ProcessType): Why | undefined {
  if (settings === undefined) return undefined;
  const isOther = (has: number | undefined, wanted: number | undefined) => has !== undefined && has !== wanted;
  const parts = [
    ...(isOther(settings.cpus, wanted.size?.cpus) || isOther(settings.memory, wanted.size?.memory) ? ["size"] : []),
    ...(isOther(settings.pids, wanted.pidsLimit ?? DEFAULT_SETTINGS.pidsLimit) ? ["pids limit"] : []),
    ...(settings.isConnected ? [] : ["network"]),
  ];
  return parts.length === 0 ? undefined : { reason: "repair", cause: `${parts.join(", ")} changed by hand` };
}

/** Steps that bring a container of the right configuration back, if anything is wrong with it. */
export function repairOf(
  instance: ObservedInstance,
  name: string,
  readiness: Readiness,
): { readonly verb: Verb; readonly cause: string; readonly steps: readonly Step[] } | undefined {
  // A container on an unreachable host cannot be repaired, and its name is not recorded.
  if (instance.state === "unknown") return undefined;
  const { container } = instance;
  const renamed: Step[] = instance.name === name ? [] : [{ op: "rename", container, name }];
  const ready: Step = { op: "ready", container, readiness };
  const isKept = instance.settings?.isRestarted !== false;
  if (instance.state === "paused") {
    const [cause, op] = isKept
      ? (["paused by hand", "unpause"] as const)
      : (["paused and restart policy changed by hand", "start"] as const);
    return { verb: "unpause", cause, steps: [...renamed, { op, container }, ready] };
  }
  if (instance.state === "exited")
    return { verb: "start", cause: "not running", steps: [...renamed, { op: "start", container }, ready] };
  if (!isKept)
    return { verb: "start", cause: "restart policy changed by hand", steps: [...renamed, { op: "start", container }] };
  return renamed.length === 0 ? undefined : { verb: "rename", cause: `renamed to ${instance.name}`, steps: renamed };
}
