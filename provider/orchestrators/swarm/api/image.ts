import { LABEL } from "../../../core/model/labels";
import type { ObservedService, ObservedSwarm } from "../plan/observed";
import { factsOf, type ImageAnswer } from "../../../engine/image";
import { areLater } from "../../../engine/registry-auth";
import type { SwarmQuery } from "./swarm";
import type { SwarmApi } from "./swarm-api";

/**
 * Finds the image that a reference means to a Swarm: by its digest in the registry, so that every node runs the same
 * image, or else the manager's own image.
 */
export async function swarmImage(
  manager: Pick<SwarmApi, "image" | "digest">,
  { image, registryAuth }: SwarmQuery,
  services: readonly ObservedService[],
): Promise<ObservedSwarm["image"]> {
  if (image === undefined) return undefined;
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
