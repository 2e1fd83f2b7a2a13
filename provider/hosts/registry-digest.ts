import type { RegistryAuth } from "../core/spec";
import { containsUnknown } from "../core/unknown";
import { imagePath, inspectImage } from "./docker-image";
import type { Asked } from "./engine-http";
import { credentialsFor, registryHeaders } from "./registry-auth";

/** A preview does not wait longer for a registry. */
const PATIENCE_MS = 4_000;

/**
 * The digest that an image reference has in its registry now, if the engine has another.
 * Nothing when the registry does not tell: a pull, if there is to be one, will say why.
 */
export async function newerDigest(
  engine: Asked,
  image: string | undefined,
  registryAuth: readonly RegistryAuth[],
): Promise<string | undefined> {
  if (image === undefined || image.includes("@") || containsUnknown(registryAuth)) return undefined;
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

/** The digest that an image reference has in its registry; the engine itself asks there. */
export async function digestIn(
  engine: Pick<Asked, "get">,
  image: string,
  registryAuth: readonly RegistryAuth[],
  timeoutMs: number,
): Promise<string> {
  const headers = registryHeaders(credentialsFor(image, registryAuth, process.env));
  const path = `/distribution/${imagePath(image)}/json`;
  const { Descriptor } = await engine.get<{ Descriptor: { digest: string } }>(path, timeoutMs, headers);
  return Descriptor.digest;
}
