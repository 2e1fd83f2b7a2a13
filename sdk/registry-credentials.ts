import * as pulumi from "@pulumi/pulumi";
import type { FormationArgs, RegistryAuthArgs } from "./args";

type Registries = NonNullable<FormationArgs["registryAuth"]>;

/**
 * Makes credentials secret one by one, so that the state holds them encrypted. As a single secret, the whole list would
 * be unknown in a preview when one password is known only at `up`.
 */
export function withSecretCredentials(registries: Registries): Registries {
  if (!Array.isArray(registries)) return pulumi.secret(registries);
  return registries.map((entry) => (isPlain(entry) ? secretIn(entry) : pulumi.secret(entry)));
}

/** True for a plain object with credentials; for anything else, the provider reports the fault. */
function isPlain(entry: pulumi.Input<RegistryAuthArgs>): entry is RegistryAuthArgs {
  if (typeof entry !== "object" || pulumi.Output.isInstance(entry) || entry instanceof Promise) return false;
  return (["username", "password"] as const).every((name) => (entry as Partial<RegistryAuthArgs>)[name] !== undefined);
}

function secretIn({ username, password, ...entry }: RegistryAuthArgs): RegistryAuthArgs {
  return { ...entry, username: pulumi.secret(username), password: pulumi.secret(password) };
}
