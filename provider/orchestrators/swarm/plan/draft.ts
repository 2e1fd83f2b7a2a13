import type { Change, Reason } from "../../../core/model/change";
import { outdatedBecause } from "../../../core/model/outdated";
import { configurationOf, type Configuration } from "../../../core/model/configuration";
import type { Identity } from "../../../core/model/desired";
import type { Formation } from "../../../core/values/formation";
import { entryOf } from "../../../core/values/entry";
import { isKnown } from "../../../core/values/unknown";
import { LABEL } from "../../../core/model/labels";
import type { Blocked } from "../../../core/plan/plan";
import type { ProcessType } from "../../../core/inputs/process-type";
import type { Spec } from "../../../core/inputs/spec";
import { changedByHand } from "./service/compare";
import type { SwarmFacts } from "./service/desired";
import type { ObservedService, ObservedSwarm, SwarmImage } from "./observed";
import type { ServiceSpec } from "./service/service";
import type { Emptying, SwarmStep } from "./step";

export type SwarmChange = Change<SwarmStep>;

export interface Wanted {
  readonly spec: Spec;
  readonly formation: Formation;
  readonly identity: Identity;
  /** The release that the release command was last run for, see `releaseDigest`. */
  readonly released?: string;
  /** True when every running process keeps its release. */
  readonly keepsReleases?: boolean;
}

/** A draft: the plan while it is being made, with everything that all types share. */
export interface Draft {
  readonly wanted: Wanted;
  readonly swarm: ObservedSwarm;
  /** Ids of nodes that a person vouches for being off. */
  readonly abandoned: readonly string[];
  /** Steps that make the secrets which must be there before a service is put. */
  readonly secrets: readonly SwarmStep[];
  readonly changes: SwarmChange[];
  readonly blocked: Blocked[];
  readonly shortages: string[];
  readonly former: Former;
}

/** Services that may be an old singleton under a former name: a new one waits until nothing of them is left. */
export interface Former {
  /** The changes that end each of the services; a service whose end has to wait has none. */
  readonly ends: ReadonlyMap<ObservedService, readonly SwarmChange[]>;
  /** Processes that may be such a singleton, and whose service is gone already. */
  readonly orphans: readonly Emptying[];
  /** Names of unreachable nodes, where such a singleton may still run. */
  readonly dark: readonly string[];
}

export interface Why {
  readonly reason: Reason;
  readonly cause: string;
}

/** @returns a function with the reason why something that was made with other labels is outdated, if it is */
export function outdatedIn({ wanted }: Draft, type: ProcessType, { image }: SwarmFacts) {
  const { spec, identity } = wanted;
  const configuration: Configuration = configurationOf(spec, type, 0, identity.key);
  return (labels: Readonly<Record<string, string>>): Why | undefined => {
    if (wanted.keepsReleases === true) return undefined;
    const label = (name: string) => labels[name] ?? "";
    const made = {
      image: label(LABEL.image),
      imageId: label(LABEL.imageId),
      configuration: label(LABEL.configuration),
    };
    return outdatedBecause(made, type.image, configuration, made.imageId === "" ? undefined : image);
  };
}

export function byHand({ wanted }: Draft, want: ServiceSpec, { spec }: ObservedService): Why | undefined {
  if (wanted.keepsReleases === true) return undefined;
  const parts = changedByHand(want, spec);
  return parts.length === 0 ? undefined : { reason: "repair", cause: `${parts.join(", ")} changed by hand` };
}

/**
 * The image that the reference means: as a registry has just told, else as one told when the service was made, else the
 * manager's own.
 */
export function aroundOf(
  { swarm }: Draft,
  { image: reference }: ProcessType,
  service: ObservedService | undefined,
): SwarmFacts {
  const { networks = {} } = swarm;
  const image = underIdOf(service, isKnown<string>(reference) ? entryOf(swarm.images, reference) : undefined);
  const pinned = service?.spec.TaskTemplate.ContainerSpec.Image;
  const was = service?.spec.Labels[LABEL.image] === reference && typeof pinned === "string" ? pinned : "";
  if (isPinned(image?.pinned ?? "") || !isPinned(was)) return { image, networks };
  return { image: { id: service?.spec.Labels[LABEL.imageId] ?? "", pinned: was }, networks };
}

/** Keeps the id that a service has for an image of the same content, so that it does not count as another one. */
function underIdOf(service: ObservedService | undefined, image: SwarmImage | undefined): SwarmImage | undefined {
  const id = service?.spec.Labels[LABEL.imageId];
  return image === undefined || id === undefined || image.same?.includes(id) !== true ? image : { ...image, id };
}

function isPinned(image: string): boolean {
  return image.includes("@");
}
