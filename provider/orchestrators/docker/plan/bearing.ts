import { effectOf, needsImage } from "../../../core/model/effects";
import type { Change } from "../../../core/model/change";
import { FormationError } from "../../../core/values/errors";
import type { ObservedHost } from "../../../core/model/observed";
import type { Spec } from "../../../core/inputs/spec";
import { isKnown } from "../../../core/values/unknown";

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

/** Refuses a network that processes are to join, but that is not on their host. */
export function networkRefusal(
  changes: readonly Change[],
  hosts: readonly ObservedHost[],
  { network }: Pick<Spec, "network">,
): FormationError | undefined {
  if (network === undefined || !isKnown<string>(network)) return undefined;
  const needing = new Set(changes.filter(needsImage).map((change) => change.host));
  const lacking = hosts.filter((host) => needing.has(host.name) && host.hasNetwork === false).map(({ name }) => name);
  if (lacking.length === 0) return undefined;
  return new FormationError("NetworkMissing", `network ${network} is not on ${lacking.join(", ")}`, {
    hint: "create it there, or correct network",
  });
}
