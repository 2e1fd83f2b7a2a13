import { digest } from "../values/digest";
import { compare } from "../values/formation";
import { lastingName, type Image } from "../values/image";
import type { ObservedInstance } from "./observed";
import { DEFAULT_STOP_TIMEOUT, type Setting } from "../inputs/container/container-settings";
import { networksPart } from "../inputs/container/networks";
import type { ProcessType } from "../inputs/process-type";
import type { Spec } from "../inputs/spec";
import { TRAITS } from "../inputs/traits";
import { containsUnknown, isKnown, UNKNOWN, type Maybe } from "../values/unknown";

/** The parts of a type's configuration, in the words of the inputs. A change of any of them is a release. */
export type Part =
  "command" | "env" | "secrets" | "port" | "reservation" | "placement" | "network" | "restart" | Setting;

/**
 * One digest for each part. A part left at its default is left out, so that a part added later changes no existing
 * digest.
 */
export type Configuration = Readonly<Partial<Record<Part, Maybe<string>>>>;

/**
 * @param index of the process: each may have been restarted at a time of its own
 * @param key secret to this formation, so that nobody can try out values of env against a label
 */
export function configurationOf(spec: Spec, type: ProcessType, index: number, key: string): Configuration {
  const own = type.restarts[index];
  const { size, stopTimeout } = type.settings;
  const parts: Record<Exclude<Part, Setting>, unknown> & Partial<Record<Setting, unknown>> = {
    ...type.settings,
    command: type.command,
    // Only what differs from the default, which is none of the configuration.
    health: type.settings.health ?? (type.imageCheck && type.port === undefined ? "image" : undefined),
    env: Object.keys(type.env).length === 0 ? undefined : type.env,
    secrets: spec.secretsAsFiles.length === 0 ? undefined : spec.secretsAsFiles,
    port:
      type.port === undefined
        ? undefined
        : [type.port, type.bind.address, type.bind.port, ...publishModeOf(spec, type)],
    ...(TRAITS[spec.orchestrator].placesItself
      ? placementParts(type)
      : { reservation: undefined, placement: undefined }),
    // Written as in 0.1, whose containers have to keep their digests.
    size: size === undefined ? undefined : [size.cpus, size.memory],
    network: networksPart(type.networks),
    stopTimeout: stopTimeout === DEFAULT_STOP_TIMEOUT ? undefined : stopTimeout,
    restart: own === undefined ? type.restartedAt : [type.restartedAt ?? null, own],
  };
  const digests = Object.entries(parts).flatMap(([part, value]) =>
    value === undefined ? [] : [[part, containsUnknown(value) ? UNKNOWN : digest(value, key)] as const],
  );
  return Object.fromEntries(digests);
}

/** Parts that a Swarm's service spells out. On Docker hosts they only guide Formation's own placement. */
function placementParts({ reserved, placement, spread }: ProcessType) {
  return {
    reservation: reserved.cpus === 0 && reserved.memory === 0 ? undefined : [reserved.cpus, reserved.memory],
    placement: Object.keys(placement).length === 0 && spread === undefined ? undefined : [placement, spread],
  };
}

function publishModeOf({ orchestrator }: Spec, { publishMode }: ProcessType): string[] {
  return publishMode === TRAITS[orchestrator].publishMode ? [] : [publishMode];
}

/** Formats a configuration as it stands in a label: `command=1f2e3d4c5b,env=…`. */
export function formatConfiguration(configuration: Configuration): string {
  return Object.entries(configuration)
    .sort(([a], [b]) => compare(a, b))
    .map(([part, value]) => `${part}=${isKnown<string>(value) ? value : "?"}`)
    .join(",");
}

/** The parts in which a container differs from the wanted configuration, and those that will be known at `up`. */
export function differences(wanted: Configuration, label: string): { changed: Part[]; later: Part[] } {
  const has = new Map(label.split(",").map((pair) => pair.split("=", 2) as [Part, string | undefined]));
  const parts = new Set([
    ...(Object.keys(wanted) as Part[]),
    ...[...has.keys()].filter((part) => (part as string) !== ""),
  ]);
  const sorted = [...parts].sort(compare);
  return {
    changed: sorted.filter((part) => wanted[part] !== UNKNOWN && wanted[part] !== has.get(part)),
    later: sorted.filter((part) => wanted[part] === UNKNOWN),
  };
}

/**
 * Digest of everything that one run of the release command covers: the image, and the configuration of all processes.
 * Neither a restart nor a change of quantities changes it.
 *
 * @param image the image's lasting name
 */
export function releaseDigest(spec: Spec, image: string | undefined, key: string): Maybe<string> {
  const parts = spec.types.map((type) => {
    const { restart: _, ...configuration } = configurationOf(spec, type, 0, key);
    return type.image === spec.image ? [type.name, configuration] : [type.name, configuration, type.image];
  });
  const whole = [spec.image, image, spec.release?.command, spec.env, parts];
  return containsUnknown(whole) ? UNKNOWN : digest(whole, key);
}

/** True when the release command was last run for this very release. A state of 0.1 has recorded the image's id. */
export function isReleased(
  spec: Spec,
  image: Image | undefined,
  { key }: { readonly key: string },
  released: string | undefined,
): boolean {
  return [...new Set([lastingName(image), image?.id])].some((name) => {
    const due = releaseDigest(spec, name, key);
    return isKnown(due) && due === released;
  });
}

/** The short name of one process's image and configuration. */
export function releaseOf(instance: Pick<ObservedInstance, "image" | "imageId" | "configuration">): string {
  return digest([instance.image, instance.imageId, instance.configuration], "release").slice(0, 8);
}
