import type { RegistryAuth } from "../../core/inputs/spec";
import { imagePath, inspectImage } from "../image";
import type { Asked } from "../client";
import { areLater, credentialsFor, registryHeaders } from "./registry-auth";

/** Limits the time for which a preview waits for a registry. */
const PATIENCE_MS = 4_000;

/**
 * Finds the digest that an image reference has in its registry now, if the engine has another.
 * A registry that does not answer is ignored here: a pull, if one follows, reports the reason.
 */
export async function newerDigest(
  engine: Asked,
  image: string | undefined,
  registryAuth: readonly RegistryAuth[],
): Promise<string | undefined> {
  if (image === undefined || image.includes("@") || areLater(image, registryAuth)) return undefined;
  try {
    const [own, digest] = await Promise.all([
      inspectImage((path) => engine.get(path, PATIENCE_MS), image),
      digestIn(engine, image, registryAuth, PATIENCE_MS),
    ]);
    const isKnown = own?.RepoDigests?.some((one) => one.endsWith(`@${digest}`)) ?? true;
    return isKnown ? undefined : digest;
  } catch {
    return undefined;
  }
}

/** Lets the engine ask the registry for the digest of an image reference. */
export async function digestIn(
  engine: Pick<Asked, "get">,
  image: string,
  registryAuth: readonly RegistryAuth[],
  timeoutMs: number,
): Promise<string> {
  const { credentials } = await credentialsFor(image, registryAuth, process.env, timeoutMs);
  const headers = registryHeaders(credentials);
  const path = `/distribution/${imagePath(image)}/json`;
  const { Descriptor } = await engine.get<{ Descriptor: { digest: string } }>(path, timeoutMs, headers);
  return Descriptor.digest;
}
