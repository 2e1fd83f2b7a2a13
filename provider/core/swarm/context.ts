import type { Change, Reason } from "../change";
import { outdatedBecause } from "../condition";
import { configurationOf, type Configuration } from "../configuration";
import type { Identity } from "../desired";
import type { Formation } from "../formation";
import { LABEL } from "../labels";
import type { Blocked } from "../plan";
import type { ProcessType } from "../process-type";
import type { Spec } from "../spec";
import { changedByHand } from "./compare";
import type { SwarmFacts } from "./desired";
import type { ObservedService, ObservedSwarm, SwarmImage } from "./observed";
import type { ServiceSpec } from "./service";
import type { Emptying, SwarmStep } from "./step";

export type SwarmChange = Change<SwarmStep>;

export interface Wanted {
  readonly spec: Spec;
  readonly formation: Formation;
  readonly identity: Identity;
  /** What the release command was last run for. */
  readonly released?: string;
  /** True when all that runs stays of the release that it is. */
  readonly keepsReleases?: boolean;
}

/** A plan in the making: what all types share. */
export interface Context {
  readonly wanted: Wanted;
  readonly swarm: ObservedSwarm;
  /** Ids of nodes that a person vouches for being off. */
  readonly abandoned: readonly string[];
  /** Secrets that must be there before a service is put. */
  readonly secrets: readonly SwarmStep[];
  readonly changes: SwarmChange[];
  readonly blocked: Blocked[];
  readonly shortages: string[];
  readonly former: Former;
}

/** Services that may be an old singleton under a name that it has no more: a new one waits until nothing of them is left. */
export interface Former {
  /** The changes that end each of the services; one whose end has to wait is not among them. */
  readonly ends: ReadonlyMap<ObservedService, readonly SwarmChange[]>;
  /** Processes whose service is gone already. */
  readonly orphans: readonly Emptying[];
  /** Names of nodes that cannot be asked whether something of it has ended. */
  readonly dark: readonly string[];
}

export interface Why {
  readonly reason: Reason;
  readonly cause: string;
}

/** A type's configuration, and what outdates something that was made with other labels. */
export function outdatedIn({ wanted }: Context, type: ProcessType, { image }: SwarmFacts) {
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
    return outdatedBecause(made, spec, configuration, made.imageId === "" ? undefined : image);
  };
}

export function byHand({ wanted }: Context, want: ServiceSpec, { spec }: ObservedService): Why | undefined {
  if (wanted.keepsReleases === true) return undefined;
  const parts = changedByHand(want, spec);
  return parts.length === 0 ? undefined : { reason: "repair", cause: `${parts.join(", ")} changed by hand` };
}

/**
 * What the image reference means: as a registry has just told, else as one told when the service was made, else what the
 * manager itself has.
 */
export function aroundOf({ swarm, wanted }: Context, service: ObservedService | undefined): SwarmFacts {
  const { network } = swarm;
  const image = underIdOf(service, swarm.image);
  const pinned = service?.spec.TaskTemplate.ContainerSpec.Image;
  const was = service?.spec.Labels[LABEL.image] === wanted.spec.image && typeof pinned === "string" ? pinned : "";
  if (isPinned(image?.pinned ?? "") || !isPinned(was)) return { image, network };
  return { image: { id: service?.spec.Labels[LABEL.imageId] ?? "", pinned: was }, network };
}

/** An image whose content is that of a service's image goes on under the id that the service has. */
function underIdOf(service: ObservedService | undefined, image: SwarmImage | undefined): SwarmImage | undefined {
  const id = service?.spec.Labels[LABEL.imageId];
  return image === undefined || id === undefined || image.same?.includes(id) !== true ? image : { ...image, id };
}

function isPinned(image: string): boolean {
  return image.includes("@");
}
