import * as pulumi from "@pulumi/pulumi";
import { SECRET_FIELDS } from "../provider/core/record/secrets";
import type { FormationArgs, HostArgs } from "./args";

type Hosts = NonNullable<FormationArgs["hosts"]>;

/** Makes certificates and keys secret, so that the state holds them encrypted however they were given. */
export function withSecretMaterial(hosts: Hosts): Hosts {
  if (!Array.isArray(hosts)) return pulumi.output(hosts).apply((list) => list && secretInAll(list));
  return hosts.map((host) =>
    pulumi.Output.isInstance(host) || host instanceof Promise ? pulumi.output(host).apply(secretIn) : secretIn(host),
  );
}

/** A list that is none, and an entry that is none, is passed on as it is: the provider reports the fault. */
function secretInAll(list: HostArgs[]): HostArgs[] {
  return Array.isArray(list) ? list.map(secretIn) : list;
}

function secretIn(host: HostArgs): HostArgs {
  if (!isObject(host)) return host;
  const given = SECRET_FIELDS.hosts.filter((name) => host[name] !== undefined);
  return { ...host, ...Object.fromEntries(given.map((name) => [name, pulumi.secret(host[name])])) };
}

function isObject(value: unknown): boolean {
  return typeof value === "object" && value !== null;
}
