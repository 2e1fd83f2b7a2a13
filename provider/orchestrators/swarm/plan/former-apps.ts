import { groupBy } from "../../../core/values/group";
import { LABEL } from "../../../core/model/labels";
import { appsOf, type Recorded } from "../../../core/record/state";
import { appOf, mayRun } from "./observed";
import type { OwnSwarm } from "./own";

/**
 * Names that the app had before, each with the ids of the services that are left of it. A name is forgotten once the
 * Swarm has been observed without any service or process of it.
 *
 * @param seen `undefined` while the Swarm is unreachable
 */
export function formerAppsIn(
  state: Recorded,
  seen: Pick<OwnSwarm, "services" | "tasks"> | undefined,
  app: string,
): Readonly<Record<string, readonly string[]>> {
  if (seen === undefined) {
    const names = appsOf(state).filter((name) => name !== app);
    return Object.fromEntries(names.sort().map((name) => [name, state.__formerApps[name] ?? []]));
  }
  const left = groupBy(
    [
      ...seen.services.map((service) => ({ app: appOf(service), service: service.id })),
      ...seen.tasks.filter(mayRun).map(({ labels, service }) => ({ app: labels[LABEL.app] ?? "", service })),
    ],
    (one) => one.app,
  );
  left.delete(app);
  return Object.fromEntries(
    [...left]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, all]) => [name, [...new Set(all.map((one) => one.service))].sort()]),
  );
}
