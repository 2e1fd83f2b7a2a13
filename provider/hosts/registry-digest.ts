import { setTimeout as delay } from "node:timers/promises";
import type Docker from "dockerode";
import type { RegistryAuth } from "../core/spec";
import { containsUnknown } from "../core/unknown";
import { credentialsFor } from "./registry-auth";

/** A preview does not wait longer for a registry. */
const PATIENCE_MS = 4_000;

/**
 * The digest that an image reference has in its registry now, if the engine has another; the engine itself asks.
 * Nothing when the registry does not tell: a pull, if there is to be one, will say why.
 */
export async function newerDigest(
  docker: Docker,
  image: string | undefined,
  registryAuth: readonly RegistryAuth[],
): Promise<string | undefined> {
  if (image === undefined || image.includes("@") || containsUnknown(registryAuth)) return undefined;
  const asked = async () => {
    const one = docker.getImage(image);
    const [{ RepoDigests: known }, { Descriptor }] = await Promise.all([
      one.inspect(),
      one.distribution({ authconfig: credentialsFor(image, registryAuth, process.env) ?? {} }),
    ]);
    const { digest } = Descriptor;
    return known.some((each) => each.endsWith(`@${digest}`)) ? undefined : digest;
  };
  const nothing = () => undefined;
  return Promise.race([asked().catch(nothing), delay(PATIENCE_MS, undefined, { ref: false })]);
}
