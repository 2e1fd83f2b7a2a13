import type { RegistryAuth } from "../core/spec";
import { dockerConfig } from "./docker-config";

const DOCKER_HUB = "docker.io";

/** Who we are to a registry, in the engine's words; nobody, when it is empty. */
export interface Credentials {
  readonly username?: string;
  readonly password?: string;
  readonly serveraddress?: string;
}

/** How an engine is told who to be for it. */
export function registryHeaders(credentials: Credentials | undefined): Readonly<Record<string, string>> {
  if (credentials === undefined) return {};
  const encoded = Buffer.from(JSON.stringify(credentials)).toString("base64");
  return { "X-Registry-Auth": encoded.replaceAll("+", "-").replaceAll("/", "_") };
}

/** Who we are to the image's registry: `registryAuth`, else what `docker login` has left, else nobody. */
export function credentialsFor(
  image: string,
  registryAuth: readonly RegistryAuth[],
  env: Readonly<Record<string, string | undefined>>,
): Credentials | undefined {
  const registry = registryOf(image);
  const own = registryAuth.find((one) => normalize(one.address) === registry);
  if (own !== undefined)
    return { username: String(own.username), password: String(own.password), serveraddress: own.address };
  const auths = (dockerConfig(env) as { auths?: Record<string, { auth?: string }> } | undefined)?.auths ?? {};
  const [address, entry] = Object.entries(auths).find(([one]) => normalize(one) === registry) ?? [];
  if (address === undefined || entry?.auth === undefined) return undefined;
  const [username = "", ...password] = Buffer.from(entry.auth, "base64").toString("utf8").split(":");
  return { username, password: password.join(":"), serveraddress: address };
}

/** The registry of an image reference: its first part, if that looks like an address. */
function registryOf(image: string): string {
  const [first = "", ...rest] = image.split("/");
  return rest.length > 0 && (/[.:]/.test(first) || first === "localhost") ? first : DOCKER_HUB;
}

function normalize(address: string): string {
  const host = address.replace(/^https?:\/\//, "").replace(/\/.*$/, "");
  return host === "index.docker.io" ? DOCKER_HUB : host;
}
