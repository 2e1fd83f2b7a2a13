import { formatEndpoint, reachableAddress } from "./addresses";
import { backendsOf } from "./backends";
import { budgets } from "./budget";
import { digest, releaseOf } from "./configuration";
import { compare, sortTypes, type Formation } from "./formation";
import { ONE_OFF, processName } from "./names";
import { isRunning, type ObservedHost, type ObservedInstance } from "./observed";
import type { Outputs } from "./outputs";
import { orderOf, type Spec } from "./spec";
import type { RecordedInstance } from "./state";
import { isoTime } from "./units";

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
    .filter((one) => one.type !== ONE_OFF)
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
  for (const one of seen) {
    if (isRunning(one)) running.set(one.type, (running.get(one.type) ?? 0) + 1);
    const address = addresses.get(one.host) ?? "";
    const endpoint = endpointOf(one, address);
    if (endpoint !== undefined) endpoints.set(one.type, [...(endpoints.get(one.type) ?? []), endpoint]);
  }
  const former = new Map(remembered.map((one) => [one.container, one]));
  const instances = seen.map((one) =>
    one.state === "unknown"
      ? unseen(one, former.get(one.container))
      : record(one, endpointOf(one, addresses.get(one.host) ?? "")),
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
function unseen(one: ObservedInstance, former: RecordedInstance | undefined): Outputs["instances"][number] {
  const { release = "", endpoint } = former ?? {};
  return { ...record(one, endpoint), release };
}

function record(one: ObservedInstance, endpoint: string | undefined): Outputs["instances"][number] {
  return {
    name: processName(one.type, one.index),
    type: one.type,
    index: one.index,
    host: one.host,
    container: one.container,
    state: one.health === "unhealthy" ? "unhealthy" : one.state,
    since: isoTime(one.createdAt),
    release: releaseOf(one),
    ...(endpoint === undefined ? {} : { endpoint }),
  };
}

function endpointOf({ published, state }: ObservedInstance, engine: string): string | undefined {
  if (published === undefined || state !== "running") return undefined;
  return formatEndpoint(reachableAddress(engine, published.address), published.port);
}
