import * as pulumi from "@pulumi/pulumi";
import { SECRET_FIELDS } from "../provider/core/record/secrets";
import type { FormationArgs, HostArgs } from "./args";

type Hosts = NonNullable<FormationArgs["hosts"]>;

/** Makes certificates and keys secret, so that the state holds them encrypted however they were given. */
export function withSecretMaterial(hosts: Hosts): Hosts {
  if (!Array.isArray(hosts)) return pulumi.output(hosts).apply((list) => list?.map(secretIn));
  return hosts.map((host) =>
    pulumi.Output.isInstance(host) || host instanceof Promise ? pulumi.output(host).apply(secretIn) : secretIn(host),
  );
}

function secretIn(host: HostArgs): HostArgs {
  const given = SECRET_FIELDS.hosts.filter((name) => host[name] !== undefined);
  return { ...host, ...Object.fromEntries(given.map((name) => [name, pulumi.secret(host[name])])) };
}
