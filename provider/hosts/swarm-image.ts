import { setTimeout as delay } from "node:timers/promises";
import { LABEL } from "../core/labels";
import type { ObservedService, ObservedSwarm } from "../core/swarm/observed";
import { factsOf, type ImageAnswer } from "./docker-image";
import { statusOf } from "./engine-errors";
import { credentialsFor } from "./registry-auth";
import type { SwarmQuery } from "./swarm";

const REGISTRY_TIMEOUT_MS = 5_000;

/** The calls of dockerode that are used here. */
export interface Images {
  getImage(name: string): {
    inspect(): Promise<ImageAnswer>;
    distribution(auth: object): Promise<{ readonly Descriptor: { readonly digest: string } }>;
  };
}

/**
 * The image that a reference means to a Swarm: its digest in its registry, where there is one, so that every node is told
 * the same image; else what its manager has.
 */
export async function swarmImage(
  docker: Images,
  { image, registryAuth }: SwarmQuery,
  services: readonly ObservedService[],
): Promise<ObservedSwarm["image"]> {
  if (image === undefined) return undefined;
  const silence = delay(REGISTRY_TIMEOUT_MS, undefined, { ref: false });
  const auth = credentialsFor(image, registryAuth, process.env);
  const asked = image.includes("@")
    ? undefined
    : docker.getImage(image).distribution(auth === undefined ? {} : { authconfig: auth });
  const told = await Promise.race([asked, silence]).catch(() => undefined);
  if (told !== undefined) return { id: told.Descriptor.digest, pinned: `${image}@${told.Descriptor.digest}` };
  const own = await inspect(docker, image);
  if (own === undefined) return undefined;
  const facts = factsOf(own);
  if (facts === undefined) return { id: own.Id, pinned: image };
  const former = services
    .filter(({ spec }) => spec.Labels[LABEL.image] === image)
    .map(({ spec }) => spec.Labels[LABEL.imageId] ?? "");
  const others = [...new Set(former)].filter((id) => id !== "" && id !== own.Id);
  const contents = await Promise.all(others.map(async (id) => contentOf(await inspect(docker, id))));
  return { id: own.Id, pinned: image, facts, same: others.filter((_, at) => contents[at] === facts.content) };
}

async function inspect(docker: Images, image: string): Promise<ImageAnswer | undefined> {
  try {
    return await docker.getImage(image).inspect();
  } catch (error) {
    if (statusOf(error) === 404) return undefined;
    throw error;
  }
}

function contentOf(answer: ImageAnswer | undefined): string | undefined {
  return answer === undefined ? undefined : factsOf(answer)?.content;
}
