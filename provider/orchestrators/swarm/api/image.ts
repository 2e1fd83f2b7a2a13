import { LABEL } from "../../../core/model/labels";
import type { ObservedService, SwarmImage } from "../plan/observed";
import { factsOf, type ImageAnswer } from "../../../engine/image";
import { areLater } from "../../../engine/registry/registry-auth";
import type { SwarmQuery } from "./swarm";
import type { SwarmApi } from "./swarm-api";

/** Finds the images that references mean to a Swarm. A reference that leads nowhere has no entry. */
export async function swarmImages(
  manager: Pick<SwarmApi, "image" | "digest">,
  { images = [], registryAuth }: SwarmQuery,
  services: readonly ObservedService[],
): Promise<Readonly<Record<string, SwarmImage>>> {
  const found = await Promise.all(images.map((image) => swarmImage(manager, image, registryAuth, services)));
  return Object.fromEntries(images.flatMap((image, at) => (found[at] === undefined ? [] : [[image, found[at]]])));
}

/**
 * Finds the image that a reference means to a Swarm: by its digest in the registry, so that every node runs the same
 * image, or else the manager's own image.
 */
async function swarmImage(
  manager: Pick<SwarmApi, "image" | "digest">,
  image: string,
  registryAuth: SwarmQuery["registryAuth"],
  services: readonly ObservedService[],
): Promise<SwarmImage | undefined> {
  const isNotAsked = image.includes("@") || areLater(image, registryAuth);
  const digest = isNotAsked ? undefined : await manager.digest(image, registryAuth).catch(() => undefined);
  if (digest !== undefined) return { id: digest, pinned: `${image}@${digest}` };
  const own = await manager.image(image);
  if (own === undefined) return undefined;
  const facts = factsOf(own);
  if (facts === undefined) return { id: own.Id, pinned: image };
  const former = services
    .filter(({ spec }) => spec.Labels[LABEL.image] === image)
    .map(({ spec }) => spec.Labels[LABEL.imageId] ?? "");
  const others = [...new Set(former)].filter((id) => id !== "" && id !== own.Id);
  const contents = await Promise.all(others.map(async (id) => contentOf(await manager.image(id))));
  return { id: own.Id, pinned: image, facts, same: others.filter((_, at) => contents[at] === facts.content) };
}

function contentOf(answer: ImageAnswer | undefined): string | undefined {
  return answer === undefined ? undefined : factsOf(answer)?.content;
}
