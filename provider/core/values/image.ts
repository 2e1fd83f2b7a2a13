/** An image as a host has it. */
export interface Image {
  /** The engine's own id of the image. It differs by store, by the index around the image, and by attestations. */
  readonly id: string;
  /** A digest of the parts that a container runs: layers, configuration and platform. The same on every host. */
  readonly content?: string;
  /** True when only a registry has the image: its content is known once it is pulled. */
  readonly isUnseen?: boolean;
}

/** Facts of an image that tell whether two hosts mean the same one. */
export interface ImageFacts {
  readonly content: string;
  /** The platform, such as `linux/arm64/v8`. */
  readonly platform: string;
  /**
   * Digests such as `shop@sha256:…`, as the engine knows them. A store whose ids are digests makes one up for what it
   * has built.
   */
  readonly digests: readonly string[];
  readonly config?: ImageConfig;
}

/** Parts of an image's configuration that decide how its processes are started and judged. */
export interface ImageConfig {
  readonly entrypoint: readonly string[];
  readonly command: readonly string[];
  readonly hasHealthCheck: boolean;
  /** Folders that get an anonymous volume in each container. */
  readonly volumes: readonly string[];
  /** Process types that buildpacks have defined; absent for an image that they have not made. */
  readonly processTypes?: readonly string[];
}

/**
 * Comparison of the image that a container was made of, which may be `gone`, with the one that its reference means now.
 */
export type Likeness = "same" | "other" | "gone" | "unseen";

export function likeness(was: Image, now: Image): Likeness {
  if (was.id === now.id) return "same";
  if (now.isUnseen === true) return "unseen";
  // Without the content, there are only the ids to compare.
  if (now.content === undefined) return "other";
  if (was.content === undefined) return "gone";
  return was.content === now.content ? "same" : "other";
}

/** A name that an image keeps as long as its content stays the same: its id, where the content is not known. */
export function lastingName(image: Image | undefined): string | undefined {
  return image?.content ?? image?.id;
}

interface Known {
  readonly id: string;
  readonly facts: ImageFacts | undefined;
}

/**
 * True when one reference is known to mean different images on two hosts. Every platform has an image of its own, and
 * ids of two stores cannot be compared: then only digests that registries have told of both count.
 */
export function isOtherImage(reference: string, one: Known, other: Known): boolean {
  if (isByDigest(reference) || one.id === other.id) return false;
  if (one.facts === undefined || other.facts === undefined) return true;
  const digests = new Set(one.facts.digests);
  if (other.facts.digests.some((digest) => digests.has(digest))) return false;
  if (one.facts.platform === other.facts.platform) return one.facts.content !== other.facts.content;
  return isToldByRegistry(reference, one) && isToldByRegistry(reference, other);
}

/** True for a reference by digest, which means the same wherever it is known. */
function isByDigest(reference: string): boolean {
  return reference.includes("@");
}

/** True when a registry has told a digest of the image: one that is not the id itself. */
function isToldByRegistry(reference: string, { id, facts }: Known): boolean {
  const repository = repositoryOf(reference);
  return (facts?.digests ?? []).some((digest) => digest.startsWith(`${repository}@`) && !digest.endsWith(`@${id}`));
}

/** The repository of a reference, as engines write it: `shop` of `docker.io/library/shop:1`. */
function repositoryOf(reference: string): string {
  const name = reference.replace(/:[^:/]*$/, "").replace(/^(index\.)?docker\.io\//, "");
  return name.replace(/^library\/(?=[^/]*$)/, "");
}
