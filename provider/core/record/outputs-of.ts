import { formatEndpoint, reachableAddress } from "../values/addresses";
import { backendsOf } from "./backends";
import { budgets } from "../guards/connections";
import { releaseOf } from "../model/configuration";
import { digest } from "../values/digest";
import { compare, sortTypes, type Formation } from "../values/formation";
import { ONE_OFF, processName } from "../values/names";
import { isRunning, type ObservedHost, type ObservedInstance } from "../model/observed";
import type { Outputs } from "./outputs";
import { orderOf, type Spec } from "../inputs/spec";
import type { RecordedInstance } from "./state";
import { isoTime } from "../values/units";

type Observations = Pick<
  Outputs,
  "running" | "instances" | "endpoints" | "backends" | "backendsByHost" | "budgets" | "release"
>;

/**
 * Turns observed hosts into outputs. @param remembered instances recorded before, for those that cannot be observed now
 */
export function observations(
  hosts: readonly ObservedHost[],
  formation: Formation,
  spec: Spec,
  remembered: readonly RecordedInstance[] = [],
): Observations {
  const rank = new Map(sortTypes(Object.keys(formation), orderOf(spec)).map((type, at) => [type, at]));
  const addresses = new Map(hosts.map((host) => [host.name, host.address]));
  const seen = hosts
    .flatMap((host) => host.instances)
    .filter((instance) => instance.type !== ONE_OFF)
    .sort(
      (a, b) =>
        (rank.get(a.type) ?? rank.size) - (rank.get(b.type) ?? rank.size) ||
        compare(a.type, b.type) ||
        a.index - b.index ||
        compare(a.host, b.host) ||
        compare(a.container, b.container),
    );
  const running = new Map(Object.keys(formation).map((type) => [type, 0]));
  const endpoints = new Map<string, string[]>();
  for (const instance of seen) {
    if (isRunning(instance)) running.set(instance.type, (running.get(instance.type) ?? 0) + 1);
    const address = addresses.get(instance.host) ?? "";
    const endpoint = endpointOf(instance, address);
    if (endpoint !== undefined) endpoints.set(instance.type, [...(endpoints.get(instance.type) ?? []), endpoint]);
  }
  const former = new Map(remembered.map((one) => [one.container, one]));
  const instances = seen.map((instance) =>
    instance.state === "unknown"
      ? unseen(instance, former.get(instance.container))
      : record(instance, endpointOf(instance, addresses.get(instance.host) ?? "")),
  );
  return {
    running: Object.fromEntries(running),
    instances,
    endpoints: Object.fromEntries(endpoints),
    budgets: budgets(spec, formation),
    ...backendsOf(hosts, formation, spec),
    release: digest([...new Set(instances.map((one) => `${one.type} ${one.release}`))].sort(compare), "release").slice(
      0,
      8,
    ),
  };
}

/** An instance on an unreachable host, as it was recorded, but for its state. */
function unseen(instance: ObservedInstance, former: RecordedInstance | undefined): Outputs["instances"][number] {
  const { release = "", endpoint } = former ?? {};
  return { ...record(instance, endpoint), release };
}

function record(instance: ObservedInstance, endpoint: string | undefined): Outputs["instances"][number] {
  return {
    name: processName(instance.type, instance.index),
    type: instance.type,
    index: instance.index,
    host: instance.host,
    container: instance.container,
    state: instance.health === "unhealthy" ? "unhealthy" : instance.state,
    since: isoTime(instance.createdAt),
    release: releaseOf(instance),
    ...(endpoint === undefined ? {} : { endpoint }),
  };
}

function endpointOf({ published, state }: ObservedInstance, engine: string): string | undefined {
  if (published === undefined || state !== "running") return undefined;
  return formatEndpoint(reachableAddress(engine, published.address), published.port);
}
