import * as pulumi from "@pulumi/pulumi";
import type { RegistryArgs } from "./args";

type Registries = pulumi.Input<pulumi.Input<RegistryArgs>[]>;

/**
 * Credentials are kept encrypted in the state, each by itself: of one that is known only at `up`, the whole list would
 * be unknown in a preview.
 */
export function withSecretCredentials(registries: Registries): Registries {
  if (!Array.isArray(registries)) return pulumi.secret(registries);
  return registries.map((entry) => (isPlain(entry) ? secretIn(entry) : pulumi.secret(entry)));
}

/** False for what is no registry at all, too: the provider says what is wrong with it. */
function isPlain(entry: pulumi.Input<RegistryArgs>): entry is RegistryArgs {
  if (typeof entry !== "object" || pulumi.Output.isInstance(entry) || entry instanceof Promise) return false;
  return (["username", "password"] as const).every((name) => (entry as Partial<RegistryArgs>)[name] !== undefined);
}

function secretIn({ username, password, ...entry }: RegistryArgs): RegistryArgs {
  return { ...entry, username: pulumi.secret(username), password: pulumi.secret(password) };
}
