import type { RegistryAuth } from "../core/inputs/spec";
import { optional } from "../core/inputs/process-type";
import { dockerConfig } from "./connect/docker-config";
import { askHelper } from "./credential-helper";

const DOCKER_HUB = "docker.io";
/** Docker Hub, as `docker login` stores it. */
const DOCKER_HUB_KEY = "https://index.docker.io/v1/";

/** Time that a credential helper may take: it may unlock a key store or ask a service in the network. */
const HELPER_PATIENCE_MS = 10_000;

/** Credentials for a registry, in the engine's words; anonymous when empty. */
export interface Credentials {
  readonly username?: string;
  readonly password?: string;
  /** Token that the registry gave for them, in their place. */
  readonly identitytoken?: string;
  readonly serveraddress?: string;
}

/** Writes credentials as the header that engines expect. */
export function registryHeaders(credentials: Credentials | undefined): Readonly<Record<string, string>> {
  if (credentials === undefined) return {};
  const encoded = Buffer.from(JSON.stringify(credentials)).toString("base64");
  return { "X-Registry-Auth": encoded.replaceAll("+", "-").replaceAll("/", "_") };
}

/** Credentials that were found, if there are any, and why a helper could not be asked for them. */
export interface Found {
  readonly credentials?: Credentials;
  readonly trouble?: string;
}

/** The parts of the docker command's configuration that lead to credentials. */
interface Stored {
  readonly auths?: Readonly<Record<string, { readonly auth?: string; readonly identitytoken?: string }>>;
  readonly credHelpers?: Readonly<Record<string, string>>;
  readonly credsStore?: string;
}

/**
 * Finds the credentials for an image's registry: in `registryAuth`, else where `docker pull` finds them: with the
 * registry's own helper, the helper of all registries, or as `docker login` stored them.
 */
export async function credentialsFor(
  image: string,
  registryAuth: readonly RegistryAuth[],
  env: Readonly<Record<string, string | undefined>>,
  timeoutMs = HELPER_PATIENCE_MS,
): Promise<Found> {
  const registry = registryOf(image);
  const isFor = ([address]: readonly [string, unknown]) => normalize(address) === registry;
  const own = registryAuth.find((one) => normalize(one.address) === registry);
  if (own !== undefined) {
    const credentials = { username: String(own.username), password: String(own.password), serveraddress: own.address };
    return { credentials };
  }
  const { auths = {}, credHelpers = {}, credsStore } = (dockerConfig(env) ?? {}) as Stored;
  const [address, entry] = Object.entries(auths).find(isFor) ?? [];
  const serveraddress = address ?? (registry === DOCKER_HUB ? DOCKER_HUB_KEY : registry);
  const [, helper = credsStore] = Object.entries(credHelpers).find(isFor) ?? [];
  const { trouble, ...helped } = helper === undefined ? {} : await askHelper(helper, serveraddress, env, timeoutMs);
  if (Object.keys(helped).length > 0) return { credentials: { ...helped, serveraddress } };
  const credentials = { ...storedIn(entry?.auth), ...optional("identitytoken", entry?.identitytoken) };
  const isStored = Object.keys(credentials).length > 0;
  return {
    ...optional("credentials", isStored ? { ...credentials, serveraddress } : undefined),
    ...optional("trouble", trouble),
  };
}

/** Reads what `docker login` stores without a helper: `user:password` in base64. */
function storedIn(auth: string | undefined): Credentials {
  if (auth === undefined || auth === "") return {};
  const [username = "", ...password] = Buffer.from(auth, "base64").toString("utf8").split(":");
  return { username, password: password.join(":") };
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
