import { outdatedBecause } from "../../../core/model/outdated";
import { configurationOf } from "../../../core/model/configuration";
import { imageAt, isRunning, type ObservedHost, type ObservedInstance } from "../../../core/model/observed";
import type { Spec } from "../../../core/inputs/spec";

/**
 * True when a process runs that only a begun release can have started.
 *
 * @param begun the spec that was to be deployed last
 * @param former the spec that was deployed in full before
 */
export function hasBegun(observed: readonly ObservedHost[], begun: Spec, former: Spec, key: string): boolean {
  const isOf = (instance: ObservedInstance, spec: Spec, host: ObservedHost | undefined) => {
    const type = spec.types.find(({ name }) => name === instance.type);
    if (type === undefined || instance.app !== spec.app) return false;
    const wanted = configurationOf(spec, type, instance.index, key);
    return outdatedBecause(instance, type.image, wanted, imageAt(host, type.image)) === undefined;
  };
  return observed.some((host) =>
    host.instances.some(
      (instance) => isRunning(instance) && isOf(instance, begun, host) && !isOf(instance, former, undefined),
    ),
  );
}
