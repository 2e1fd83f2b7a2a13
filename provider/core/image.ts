/** An image as a host has it. */
export interface Image {
  /** The engine's own id of it, which another store, another index around it or an attestation makes another one. */
  readonly id: string;
  /** A digest of what a container of it runs: layers, configuration and platform. The same wherever it is the same. */
  readonly content?: string;
  /** True when only a registry has it: what is in it is known once it is pulled. */
  readonly isUnseen?: boolean;
}

/** Facts of an image that tell whether two hosts mean the same. */
export interface ImageFacts {
  readonly content: string;
  /** `linux/arm64/v8` */
  readonly platform: string;
  /** `shop@sha256:…`, as the engine knows it; a store that takes one for the id makes one up for what it has built. */
  readonly digests: readonly string[];
}

/** The image that a container was made of, which may be `gone`, compared with what its reference means now. */
export type Likeness = "same" | "other" | "gone" | "unseen";

export function likeness(was: Image, now: Image): Likeness {
  if (was.id === now.id) return "same";
  if (now.isUnseen === true) return "unseen";
  // Ids are all there is to go by.
  if (now.content === undefined) return "other";
  if (was.content === undefined) return "gone";
  return was.content === now.content ? "same" : "other";
}

/** A name of an image that stays while what it runs does: where its content is not known, its id. */
export function lastingName(image: Image | undefined): string | undefined {
  return image?.content ?? image?.id;
}

interface Known {
  readonly id: string;
  readonly facts: ImageFacts | undefined;
}

/**
 * Tells that one reference is known to mean different images on two hosts. Of two platforms each has its own, and ids say
 * nothing about two stores: there it is different only when registries have told two digests of it.
 */
export function isOtherImage(reference: string, one: Known, other: Known): boolean {
  if (isByDigest(reference) || one.id === other.id) return false;
  if (one.facts === undefined || other.facts === undefined) return true;
  const digests = new Set(one.facts.digests);
  if (other.facts.digests.some((digest) => digests.has(digest))) return false;
  if (one.facts.platform === other.facts.platform) return one.facts.content !== other.facts.content;
  return isToldByRegistry(reference, one) && isToldByRegistry(reference, other);
}

/** Such a reference means the same wherever it is known. */
function isByDigest(reference: string): boolean {
  return reference.includes("@");
}

/** A digest that is not the id itself can only have come from a registry. */
function isToldByRegistry(reference: string, { id, facts }: Known): boolean {
  const repository = repositoryOf(reference);
  return (facts?.digests ?? []).some((digest) => digest.startsWith(`${repository}@`) && !digest.endsWith(`@${id}`));
}

/** `shop` of `docker.io/library/shop:1`, as engines write it. */
function repositoryOf(reference: string): string {
  const name = reference.replace(/:[^:/]*$/, "").replace(/^(index\.)?docker\.io\//, "");
  return name.replace(/^library\/(?=[^/]*$)/, "");
}
