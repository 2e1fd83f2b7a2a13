import { withoutTrap } from "../../../../core/model/environment";
import { LABEL } from "../../../../core/model/labels";
import { UNKNOWN } from "../../../../core/values/unknown";
import { isHeld, type ServiceSpec } from "./service";
import { SETTING_PARTS } from "./settings";

/**
 * Parts of a service, in the words of the inputs where they have one. Left out are labels, which are judged by
 * themselves; the rules of updates, which each update of ours brings along; and a forced update, which only restarts.
 */
const PARTS: Readonly<Record<string, (spec: ServiceSpec) => unknown>> = {
  ...Object.fromEntries(
    Object.entries(SETTING_PARTS).map(([setting, part]) => [setting, (spec: ServiceSpec) => part(spec.TaskTemplate)]),
  ),
  image: (spec) => spec.TaskTemplate.ContainerSpec.Image,
  // Words that we put around a command line are no change by hand: an earlier version has put other ones there.
  command: (spec) => (spec.TaskTemplate.ContainerSpec.Args ?? []).map(withoutTrap),
  hostname: (spec) => spec.TaskTemplate.ContainerSpec.Hostname,
  env: (spec) => spec.TaskTemplate.ContainerSpec.Env,
  secrets: (spec) => spec.TaskTemplate.ContainerSpec.Secrets.map(({ SecretName, File }) => [SecretName, File]),
  reservation: (spec) => spec.TaskTemplate.Resources.Reservations,
  restart: (spec) => spec.TaskTemplate.RestartPolicy,
  placement: (spec) => [[...spec.TaskTemplate.Placement.Constraints].sort(), spec.TaskTemplate.Placement.Preferences],
  network: (spec) => spec.TaskTemplate.Networks.map(({ Target }) => Target),
  port: (spec) => spec.EndpointSpec.Ports,
};

/**
 * The parts in which a service is not as wanted although its labels say so: somebody has changed it by hand. Only
 * values that we set are compared, as the engine adds much of its own.
 */
export function changedByHand(wanted: ServiceSpec, has: ServiceSpec): string[] {
  if (isHeld(has)) return [];
  return Object.entries(PARTS)
    .filter(([, part]) => !covers(part(wanted), part(has)))
    .map(([name]) => name);
}

/** True when a service is ours and as it was asked for, whatever the engine has added. */
export function isAsked(wanted: ServiceSpec, has: ServiceSpec): boolean {
  return (
    Object.values(LABEL).every((name) => wanted.Labels[name] === has.Labels[name]) &&
    wanted.Mode.Replicated.Replicas === has.Mode.Replicated.Replicas &&
    Object.values(PARTS).every((part) => covers(part(wanted), part(has)))
  );
}

/** True when a value covers the wanted one: the engine leaves out zeros and empty values. */
function covers(wanted: unknown, has: unknown): boolean {
  if (wanted === UNKNOWN) return true;
  if (Array.isArray(wanted)) {
    const list = (has ?? []) as readonly unknown[];
    return wanted.length === list.length && wanted.every((one, at) => covers(one, list[at]));
  }
  if (typeof wanted !== "object" || wanted === null) return wanted === has || (isEmpty(wanted) && isEmpty(has));
  const holder = (has ?? {}) as Readonly<Record<string, unknown>>;
  return Object.entries(wanted).every(([key, value]) => covers(value, holder[key]));
}

function isEmpty(value: unknown): boolean {
  return value === undefined || value === null || value === 0 || value === "" || value === false;
}
