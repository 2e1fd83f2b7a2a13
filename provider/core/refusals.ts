import { needsImage, slotOf, type Change } from "./change";
import { FormationError } from "./errors";
import type { ObservedHost } from "./observed";
import type { Spec } from "./spec";
import { isKnown } from "./unknown";

/** Another formation's processes under the app's name forbid any change at all, on every host. */
export function otherFormationRefusal(hosts: readonly ObservedHost[], app: string): FormationError | undefined {
  for (const { name, others = [] } of hosts) {
    const other = others.find((one) => one.app === app);
    if (other === undefined) continue;
    return new FormationError(
      "OwnedByOther",
      `app ${app} on ${name} belongs to formation ${other.identity} of stack ${other.owner}`,
      { hint: "give this formation another app name, or destroy it there first" },
    );
  }
  return undefined;
}

/** A name or a fixed port that a container of somebody else holds. */
export function conflictRefusal(
  changes: readonly Change[],
  hosts: readonly ObservedHost[],
  spec: Spec,
): FormationError | undefined {
  const faults = changes.flatMap((change) => {
    const strangers = hosts.find((host) => host.name === change.host)?.strangers ?? [];
    return change.steps.flatMap((step) => {
      if (step.op !== "run" && step.op !== "rename") return [];
      const name = step.op === "run" ? step.want.name : step.name;
      const namesake = strangers.find((stranger) => stranger.name === name);
      const taken =
        namesake === undefined
          ? []
          : [`a container that is not ours has the name ${name} on ${change.host}: remove or rename it`];
      const fixed = step.op === "run" ? spec.types.find((type) => type.name === change.type)?.bind.port : undefined;
      const holder = fixed === undefined ? undefined : strangers.find((stranger) => stranger.ports.includes(fixed));
      if (holder === undefined) return taken;
      return [
        ...taken,
        `port ${fixed} for ${slotOf(change)} is in use by ${holder.name} on ${change.host}: free it, or change processes.${change.type}.bind`,
      ];
    });
  });
  if (faults.length === 0) return undefined;
  return new FormationError(faults[0]?.startsWith("port") === true ? "PortTaken" : "NameTaken", faults.join("\n"));
}

/** What an `up` could not bring either. */
export function missingImageRefusal(
  changes: readonly Change[],
  hosts: readonly ObservedHost[],
  { image, pull }: Spec,
): FormationError | undefined {
  if (pull !== "never" || !isKnown(image)) return undefined;
  const needing = new Set(changes.filter(needsImage).map((change) => change.host));
  const host = hosts.find((one) => needing.has(one.name) && one.lost === undefined && one.imageId === undefined);
  if (host === undefined) return undefined;
  return new FormationError("ImageMissing", `image ${image} is not on ${host.name}, and pull is "never"`, {
    hint: "build or load it there, or let it be pulled",
  });
}

/** Without a registry, one reference may mean different images on two hosts: half of the processes would be another app. */
export function imageRefusal(hosts: readonly ObservedHost[], spec: Spec): FormationError | undefined {
  const having = hosts.filter(
    (host) => host.lost === undefined && host.imageId !== undefined && host.newerImage === undefined,
  );
  const other = having.find((host) => host.imageId !== having[0]?.imageId);
  if (other === undefined || having[0] === undefined) return undefined;
  const [first] = having;
  const image = String(spec.image);
  return new FormationError(
    "ImageMismatch",
    `image ${image} is ${String(first.imageId)} on ${first.name}, but ${String(other.imageId)} on ${other.name}`,
    { hint: "load the same image on every host, or name it by digest" },
  );
}
