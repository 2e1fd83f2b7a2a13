import type { RegistryAuth } from "../../core/inputs/spec";
import { optional } from "../../core/inputs/process-type";
import { plainLine } from "../../core/values/plain";
import { containsUnknown, isKnown } from "../../core/values/unknown";
import { dockerConfigFile } from "../connect/docker-config";
import { askHelper, helperProgram } from "./credential-helper";
import { loginAt } from "./docker-login";
import { isOf, keyOf, registryOf } from "./image-registry";

/** Time that a credential helper may take: it may unlock a key store or ask a service in the network. */
const HELPER_PATIENCE_MS = 10_000;

/** Credentials for a registry, in the engine's words; anonymous when empty. */
export interface Credentials {
  readonly username?: string;
  readonly password?: string;
  /** Token that the registry gave for them, in their place. */
  readonly identitytoken?: string;
  /** Token that the registry takes as it is. */
  readonly registrytoken?: string;
  /** Registry that they are for: newer engines give them to no other. */
  readonly serveraddress?: string;
}

/** Writes credentials as the header that engines expect. */
export function registryHeaders(credentials: Credentials | undefined): Readonly<Record<string, string>> {
  if (credentials === undefined) return {};
  const encoded = Buffer.from(JSON.stringify(credentials)).toString("base64");
  return { "X-Registry-Auth": encoded.replaceAll("+", "-").replaceAll("/", "_") };
}

/** Credentials that were found, if there are any. */
export interface Found {
  readonly credentials?: Credentials;
  /** Sentence for the error of a pull that is refused: where the credentials come from, or who has none. */
  readonly source?: string;
  /** Reason why a helper, or the docker command's configuration, could not be asked. */
  readonly trouble?: string;
}

/** Everything to be said about credentials in the error of a pull, after the engine's own words. */
export function wordsOn({ trouble, source }: Found): readonly string[] {
  return [trouble, source].flatMap((words) => words ?? []);
}

/** True when a value that is known only at `up` may decide which credentials an image's registry is asked with. */
export function areLater(image: string, registryAuth: readonly RegistryAuth[]): boolean {
  const registry = registryOf(image);
  const first = registryAuth.find(({ address }) => !isKnown(address) || isOf(registry, address));
  return first !== undefined && containsUnknown(first);
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
  const serveraddress = keyOf(registry);
  const own = registryAuth.find(({ address }) => isOf(registry, String(address)));
  if (own !== undefined) {
    const credentials = { username: String(own.username), password: String(own.password), serveraddress };
    return { credentials, source: "the credentials are those of registryAuth" };
  }
  const { helper, stored, troubles } = loginAt(serveraddress, env);
  const asked = helper === undefined ? undefined : await askHelper(helper, serveraddress, env, timeoutMs);
  const program = helperProgram(helper ?? "");
  const given = (credentials: Credentials, source: string, more: readonly string[] = []): Found => ({
    credentials: { ...credentials, serveraddress },
    source: `the credentials are those ${source}`,
    ...troubleOf([...troubles, ...more]),
  });
  switch (asked?.kind) {
    case "user":
      return given({ username: asked.username, password: asked.password }, `that ${program} gave`);
    case "token":
      return given({ identitytoken: asked.identitytoken }, `that ${program} gave`);
    case "none":
      return { source: `${program} has no credentials for ${plainLine(registry)}`, ...troubleOf(troubles) };
    default: {
      const failed = asked === undefined ? [] : [asked.trouble];
      if (Object.keys(stored).length === 0) return troubleOf([...troubles, ...failed]);
      return given(stored, `of ${plainLine(dockerConfigFile(env))}`, failed);
    }
  }
}

function troubleOf(troubles: readonly string[]): Pick<Found, "trouble"> {
  return optional("trouble", troubles.length === 0 ? undefined : troubles.join("; "));
}
