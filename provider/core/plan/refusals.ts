import { overlaps } from "../values/addresses";
import { effectOf, imagesNeeded, needsImage } from "../model/effects";
import { slotOf, type Change } from "../model/change";
import { FormationError } from "../values/errors";
import { unaskable } from "../model/health-check";
import { isOtherImage } from "../values/image";
import { imageHere, type ObservedHost, type ObservedInstance } from "../model/observed";
import { STOPS_UNASKED } from "../inputs/operator-request";
import { imagesOf, type Spec } from "../inputs/spec";

/** Refuses any change, on every host, while another formation's processes have the app's name. */
export function otherFormationRefusal(
  hosts: readonly Pick<ObservedHost, "name" | "others">[],
  app: string,
): FormationError | undefined {
  for (const { name, others = [] } of hosts) {
    const other = others.find((other) => other.app === app);
    if (other === undefined) continue;
    return new FormationError(
      "OwnedByOther",
      `app ${app} on ${name} belongs to formation ${other.identity} of stack ${other.owner}`,
      { hint: "give this formation another app name, or destroy it there first" },
    );
  }
  return undefined;
}

/** Refuses changes that need a name or a fixed port of somebody else's container. */
export function conflictRefusal(
  changes: readonly Change[],
  hosts: readonly ObservedHost[],
  spec: Spec,
): FormationError | undefined {
  const faults = changes.flatMap((change) => {
    const strangers = hosts.find((host) => host.name === change.host)?.strangers ?? [];
    return change.steps.flatMap((step) => {
      const { takesName: name, makes } = effectOf(step);
      if (name === undefined) return [];
      const namesake = strangers.find((stranger) => stranger.name === name);
      const taken =
        namesake === undefined
          ? []
          : [`a container that is not ours has the name ${name} on ${change.host}: remove or rename it`];
      const bind = makes === undefined ? undefined : spec.types.find((type) => type.name === change.type)?.bind;
      const fixed = bind?.port;
      const holder =
        fixed === undefined
          ? undefined
          : strangers.find((stranger) => stranger.ports.some((port) => overlaps(port, bind ?? {})));
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

/** Refuses a check over HTTP that would ask this machine instead of the one that the process is on. */
export function healthRefusal(
  changes: readonly Change[],
  hosts: readonly ObservedHost[],
  { types }: Spec,
): FormationError | undefined {
  const faults = changes.filter(needsImage).flatMap(({ type, host }) => {
    const declared = types.find(({ name }) => name === type);
    const at = hosts.find(({ name }) => name === host);
    return declared === undefined || at === undefined ? [] : (unaskable(declared, at.address) ?? []);
  });
  return faults[0] === undefined ? undefined : new FormationError("InvalidInput", faults[0]);
}

/** Refuses an image that is missing and may not be pulled: an `up` could not bring it either. */
export function missingImageRefusal(
  changes: readonly Change[],
  hosts: readonly ObservedHost[],
  { pull }: Spec,
): FormationError | undefined {
  if (pull !== "never") return undefined;
  const missing = imagesNeeded(changes).filter(({ host, image }) => {
    const seen = hosts.find(({ name }) => name === host);
    return seen !== undefined && seen.unreachable === undefined && imageHere(seen, image)?.id === undefined;
  });
  if (missing.length === 0) return undefined;
  const faults = missing.map(({ host, image }) => `image ${image} is not on ${host}, and pull is "never"`);
  return new FormationError("ImageMissing", faults.join("\n"), {
    hint: "build or load it there, or let it be pulled",
  });
}

/**
 * Refuses a reference that means different images on two hosts, as it may without a registry: half of the processes
 * would be another app. A host that only gives processes up needs no image.
 *
 * @param hosts those that are declared
 */
export function imageRefusal(
  changes: readonly Change[],
  hosts: readonly ObservedHost[],
  spec: Spec,
): FormationError | undefined {
  return imagesOf(spec)
    .map((image) => differenceIn(image, changes, hosts, spec))
    .find((refusal) => refusal !== undefined);
}

function differenceIn(
  image: string,
  changes: readonly Change[],
  hosts: readonly ObservedHost[],
  spec: Spec,
): FormationError | undefined {
  const having = hostsWithProcesses(image, changes, hosts, spec).flatMap((host) => {
    const { id, facts, newer } = imageHere(host, image) ?? {};
    return host.unreachable !== undefined || id === undefined || newer !== undefined
      ? []
      : [{ name: host.name, id, facts }];
  });
  for (const [at, host] of having.entries()) {
    const other = having.slice(0, at).find((one) => isOtherImage(image, one, host));
    if (other === undefined) continue;
    const message = `image ${image} is ${other.id} on ${other.name}, but ${host.id} on ${host.name}`;
    return new FormationError("ImageMismatch", message, {
      hint: "load or pull the same image on every host, or name it by digest",
    });
  }
  return undefined;
}

/** The hosts where a process of an image stays or is made. */
function hostsWithProcesses(
  image: string,
  changes: readonly Change[],
  hosts: readonly ObservedHost[],
  { app, types }: Spec,
): readonly ObservedHost[] {
  const needed = imagesNeeded(changes).filter((one) => one.image === image);
  const needing = new Set(needed.map(({ host }) => host));
  const others = new Set(types.flatMap((type) => (type.image === image ? [] : [type.name])));
  const steps = changes.flatMap((change) => [...change.steps, ...change.finish]);
  const removed = new Set(steps.flatMap((step) => effectOf(step).removes ?? []));
  const isStaying = (instance: ObservedInstance) =>
    instance.app === app && !others.has(instance.type) && !removed.has(instance.container);
  return hosts.filter((host) => needing.has(host.name) || host.instances.some(isStaying));
}

/** Refuses to stop running processes while the operator has not confirmed it. */
export function refuseStops(stopped: readonly Change<unknown>[]): void {
  if (stopped.length === 0) return;
  const slots = stopped.map((change) => `${slotOf(change)} (${change.cause})`).join(", ");
  throw new FormationError("Unconfirmed", `${STOPS_UNASKED}: ${slots}`, { hint: "say --yes if that is meant" });
}
