import type { ContainerInfo } from "./containers";
import { LABEL } from "../core/labels";
import { manifestOf } from "./container";
import { factsOf, inspectImage, type ImageAnswer } from "./docker-image";
import type { Get } from "./engine-http";

/**
 * The contents of images that containers were made of when their reference meant another one than now: by id, without
 * those that are gone. Nothing is asked when there are none.
 */
export async function formerContents(
  get: Get,
  reference: string | undefined,
  now: ImageAnswer | undefined,
  ours: readonly ContainerInfo[],
): Promise<ReadonlyMap<string, string>> {
  const content = now === undefined ? undefined : factsOf(now)?.content;
  if (reference === undefined || now === undefined || content === undefined) return new Map();
  const former = ours.filter((one) => one.ImageID !== now.Id && one.Labels[LABEL.image] === reference);
  const byId = new Map(former.map((one) => [one.ImageID, one]));
  const told = await Promise.all(
    [...byId].map(async ([id, one]) => {
      const was = await inspectImage(get, id);
      if (was !== undefined) return [id, factsOf(was)?.content] as const;
      return [id, (await isMadeBy(get, reference, manifestOf(one))) ? content : undefined] as const;
    }),
  );
  return new Map(told.flatMap(([id, known]) => (known === undefined ? [] : [[id, known] as const])));
}

/** Tells that a manifest, which an engine remembers longer than its image, is one that a reference leads to. */
async function isMadeBy(get: Get, reference: string, manifest: string | undefined): Promise<boolean> {
  if (manifest === undefined) return false;
  const { Manifests = [] } = (await inspectImage(get, reference, "?manifests=1")) ?? {};
  return Manifests.some((one) => one.ID === manifest && one.Kind === "image" && one.Available);
}
