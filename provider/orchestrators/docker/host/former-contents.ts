import type { ContainerInfo } from "../../../engine/containers";
import { LABEL } from "../../../core/model/labels";
import { manifestOf } from "../container/container";
import { factsOf, inspectImage, type ImageAnswer } from "../../../engine/image";
import type { Get } from "../../../engine/client";

/**
 * Finds the contents of the images that containers were created from before their reference came to mean another image.
 * Asks the engine nothing when there are no such containers.
 *
 * @returns contents by image id, as far as they can still be learnt
 */
export async function formerContents(
  get: Get,
  reference: string,
  now: ImageAnswer | undefined,
  ours: readonly ContainerInfo[],
): Promise<ReadonlyMap<string, string>> {
  const content = now === undefined ? undefined : factsOf(now)?.content;
  if (now === undefined || content === undefined) return new Map();
  const former = ours.filter(
    (container) => container.ImageID !== now.Id && container.Labels[LABEL.image] === reference,
  );
  const byId = new Map(former.map((container) => [container.ImageID, container]));
  const told = await Promise.all(
    [...byId].map(async ([id, one]) => {
      const was = await inspectImage(get, id);
      if (was !== undefined) return [id, factsOf(was)?.content] as const;
      return [id, (await isMadeBy(get, reference, manifestOf(one))) ? content : undefined] as const;
    }),
  );
  return new Map(told.flatMap(([id, known]) => (known === undefined ? [] : [[id, known] as const])));
}

/** True when a reference leads to the manifest. Engines remember a container's manifest longer than its image. */
async function isMadeBy(get: Get, reference: string, manifest: string | undefined): Promise<boolean> {
  if (manifest === undefined) return false;
  const { Manifests = [] } = (await inspectImage(get, reference, "?manifests=1")) ?? {};
  return Manifests.some((one) => one.ID === manifest && one.Kind === "image" && one.Available);
}
