import { groupBy } from "../../../core/values/group";
import type { ObservedHost } from "../../../core/model/observed";
import { appsOf, type Recorded } from "../../../core/record/state";

/**
 * Names that the app had before, each with the containers that may be left of it. A name is forgotten once every host
 * has been reached, and none has anything of it.
 */
export function formerApps(
  state: Recorded,
  observed: readonly ObservedHost[],
  app: string,
): Readonly<Record<string, readonly string[]>> {
  const left = groupBy(
    observed.flatMap((host) => host.instances),
    (instance) => instance.app,
  );
  const isAnyLost = observed.some((host) => host.unreachable !== undefined);
  const names = new Set([...left.keys(), ...(isAnyLost ? appsOf(state) : [])]);
  names.delete(app);
  return Object.fromEntries(
    [...names].sort().map((name) => [name, (left.get(name) ?? []).map((instance) => instance.container).sort()]),
  );
}
