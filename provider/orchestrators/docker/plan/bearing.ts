import { effectOf } from "../../../core/model/effects";
import type { Change } from "../../../core/model/change";
import { FormationError } from "../../../core/values/errors";
import type { ObservedHost } from "../../../core/model/observed";

// Refusals of a plan that a host cannot bear, as its observation tells.

/** Refuses CPU limits above the CPUs of the host, which its engine would refuse as well. */
export function limitRefusal(changes: readonly Change[], hosts: readonly ObservedHost[]): FormationError | undefined {
  const faults = changes.flatMap((change) => {
    const { capacity } = hosts.find((host) => host.name === change.host) ?? {};
    if (capacity === undefined) return [];
    return change.steps.flatMap((step) => {
      const { cpus = 0 } = effectOf(step).makes?.settings.size ?? {};
      if (cpus <= capacity.cpus) return [];
      const [limit, most] = [cpus / 1e9, capacity.cpus / 1e9];
      return `processes.${change.type}.size.cpus is ${limit}, but ${change.host} has ${most}: lower it, or place the type elsewhere`;
    });
  });
  return faults.length === 0 ? undefined : new FormationError("NoRoom", [...new Set(faults)].join("\n"));
}

/** Refuses networks that processes are to join, but that are not on their host. */
export function networkRefusal(changes: readonly Change[], hosts: readonly ObservedHost[]): FormationError | undefined {
  const lacking = new Map<string, readonly string[]>();
  for (const { name: host, lacksNetworks = [] } of hosts) {
    const joined = new Set(changes.filter((change) => change.host === host).flatMap(networksOf));
    for (const network of lacksNetworks.filter((name) => joined.has(name)))
      lacking.set(network, [...(lacking.get(network) ?? []), host]);
  }
  if (lacking.size === 0) return undefined;
  const faults = [...lacking].map(([network, on]) => `network ${network} is not on ${on.join(", ")}`);
  return new FormationError("NetworkMissing", faults.join("; "), {
    hint: lacking.size === 1 ? "create it there, or correct network" : "create them there, or correct networks",
  });
}

function networksOf({ steps }: Change) {
  return steps
    .map(effectOf)
    .flatMap(({ makes, runsOnce }) => (makes ?? runsOnce)?.networks.map(({ name }) => name) ?? []);
}
