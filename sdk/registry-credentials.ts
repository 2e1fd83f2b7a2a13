import * as pulumi from "@pulumi/pulumi";
import type { RegistryArgs } from "./args";

type Registries = pulumi.Input<pulumi.Input<RegistryArgs>[]>;

/**
 * Makes credentials secret one by one, so that the state holds them encrypted. As a single secret, the whole list would
 * be unknown in a preview when one password is known only at `up`.
 */
export function withSecretCredentials(registries: Registries): Registries {
  if (!Array.isArray(registries)) return pulumi.secret(registries);
  return registries.map((entry) => (isPlain(entry) ? secretIn(entry) : pulumi.secret(entry)));
}

/** True for a plain object with credentials; for anything else, the provider reports the fault. */
function isPlain(entry: pulumi.Input<RegistryArgs>): entry is RegistryArgs {
  if (typeof entry !== "object" || pulumi.Output.isInstance(entry) || entry instanceof Promise) return false;
  return (["username", "password"] as const).every((name) => (entry as Partial<RegistryArgs>)[name] !== undefined);
}

function secretIn({ username, password, ...entry }: RegistryArgs): RegistryArgs {
  return { ...entry, username: pulumi.secret(username), password: pulumi.secret(password) };
}
