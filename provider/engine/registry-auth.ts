import type { RegistryAuth } from "../core/inputs/spec";
import { dockerConfig } from "./connect/docker-config";

const DOCKER_HUB = "docker.io";

/** Credentials for a registry, in the engine's words; anonymous when empty. */
export interface Credentials {
  readonly username?: string;
  readonly password?: string;
  readonly serveraddress?: string;
}

/** Writes credentials as the header that engines expect. */
export function registryHeaders(credentials: Credentials | undefined): Readonly<Record<string, string>> {
  if (credentials === undefined) return {};
  const encoded = Buffer.from(JSON.stringify(credentials)).toString("base64");
  return { "X-Registry-Auth": encoded.replaceAll("+", "-").replaceAll("/", "_") };
}

/** Finds the credentials for an image's registry: in `registryAuth`, else those that `docker login` stored. */
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

/** Registry of an image reference: its first part when that has the form of an address, else Docker Hub. */
function registryOf(image: string): string {
  const [first = "", ...rest] = image.split("/");
  return rest.length > 0 && (/[.:]/.test(first) || first === "localhost") ? first : DOCKER_HUB;
}

function normalize(address: string): string {
  const host = address.replace(/^https?:\/\//, "").replace(/\/.*$/, "");
  return host === "index.docker.io" ? DOCKER_HUB : host;
}
