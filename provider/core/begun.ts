import { outdatedBecause } from "./condition";
import { configurationOf } from "./configuration";
import type { Image } from "./image";
import { imageAt, isRunning, type ObservedHost, type ObservedInstance } from "./observed";
import type { Spec } from "./spec";

/**
 * True when a process runs that only a begun release can have started.
 *
 * @param begun the spec that was to be deployed last
 * @param former the spec that was deployed in full before
 */
export function hasBegun(observed: readonly ObservedHost[], begun: Spec, former: Spec, key: string): boolean {
  const isOf = (one: ObservedInstance, spec: Spec, now: Image | undefined) => {
    const type = spec.types.find(({ name }) => name === one.type);
    if (type === undefined || one.app !== spec.app) return false;
    return outdatedBecause(one, spec, configurationOf(spec, type, one.index, key), now) === undefined;
  };
  return observed.some((host) =>
    host.instances.some((one) => isRunning(one) && isOf(one, begun, imageAt(host)) && !isOf(one, former, undefined)),
  );
}
