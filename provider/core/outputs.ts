import { z } from "zod";
import { budgets } from "./budget";
import { formatEndpoint, reachableAddress } from "./addresses";
import { digest, releaseOf } from "./configuration";
import { compare, sortTypes, type Formation } from "./formation";
import { ONE_OFF, processName } from "./names";
import { isRunning, type ObservedHost, type ObservedInstance } from "./observed";
import { portsOfSlot } from "./ports";
import { orderOf, type Spec } from "./spec";
import type { RecordedInstance } from "./state";

const counts = z.record(z.string(), z.int());

const budget = z.object({
  used: z.int().describe("The connections that the formation may need at the worst moment of a release."),
  limit: z.int().describe("The connections that there are, less the reserve."),
  detail: z.string().describe("How `used` comes about: `web 8×10 + release overlap 2×10, worker 6×5`."),
});

const instance = z.object({
  name: z.string().describe("`web.2`"),
  type: z.string().describe("The process type."),
  index: z.int().describe("The number of its slot, from 1."),
  host: z.string().describe("The host that it runs on."),
  container: z.string().describe("The id of its container."),
  state: z
    .string()
    .describe("The engine's word for its state when it was last looked at: `running`, `exited`, `restarting` …"),
  since: z.string().describe("When its container was made: ISO 8601, UTC."),
  release: z.string().describe("The short name of its image and configuration."),
  endpoint: z.string().optional().describe("`address:port` of its published port on the host."),
});

/** The outputs, besides the inputs. */
export const outputs = z.object({
  formation: counts.describe("The full desired formation: a quantity for every process type."),
  summary: z.string().describe("The formation in one line: `web=2, worker=1, clock=0`."),
  running: counts.describe("How many processes of each type were seen running after the last change."),
  instances: z.array(instance).describe("One record for each process."),
  endpoints: z.record(z.string(), z.array(z.string())).describe("`address:port` of each published process, by type."),
  backends: z
    .record(z.string(), z.array(z.string()))
    .describe(
      "Every `address:port` that a process may have, now or in the course of a release, by type: what a load balancer is given, with health checks.",
    ),
  budgets: z.record(z.string(), budget).describe("By backing service: its connections, needed and allowed."),
  release: z.string().describe("The short name of the app's image and configuration: it changes with every release."),
  log: z
    .array(z.string())
    .describe("The last 100 audit lines, oldest first, each with the full formation and who did it."),
});

export type Outputs = z.infer<typeof outputs>;
type Observations = Pick<Outputs, "running" | "instances" | "endpoints" | "backends" | "budgets" | "release">;

/** What was seen, as outputs. @param remembered what was seen before, for what cannot be seen now */
export function observations(
  hosts: readonly ObservedHost[],
  formation: Formation,
  spec: Spec,
  remembered: readonly RecordedInstance[] = [],
): Observations {
  const rank = new Map(sortTypes(Object.keys(formation), orderOf(spec)).map((type, at) => [type, at]));
  const types = new Map(spec.types.map((type) => [type.name, type]));
  const addresses = new Map(hosts.map((host) => [host.name, host.address]));
  const seen = hosts
    .flatMap((host) => host.instances)
    .filter((one) => one.type !== ONE_OFF)
    .sort(
      (a, b) =>
        (rank.get(a.type) ?? rank.size) - (rank.get(b.type) ?? rank.size) ||
        compare(a.type, b.type) ||
        a.index - b.index,
    );
  const running = new Map(Object.keys(formation).map((type) => [type, 0]));
  const endpoints: Record<string, string[]> = {};
  const backends: Record<string, Set<string>> = {};
  for (const one of seen) {
    if (isRunning(one)) running.set(one.type, (running.get(one.type) ?? 0) + 1);
    const address = addresses.get(one.host) ?? "";
    const endpoint = endpointOf(one, address);
    const type = types.get(one.type);
    if (endpoint !== undefined) (endpoints[one.type] ??= []).push(endpoint);
    if (one.published === undefined || type === undefined) continue;
    const reached = reachableAddress(address, one.published.address);
    const others = spec.orchestrator === "swarm" ? [] : portsOfSlot(one.app, type, one.index);
    for (const port of [one.published.port, ...others])
      (backends[one.type] ??= new Set()).add(formatEndpoint(reached, port));
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
    endpoints,
    budgets: budgets(spec, formation),
    backends: Object.fromEntries(Object.entries(backends).map(([type, all]) => [type, [...all].sort(compare)])),
    release: digest([...new Set(instances.map((one) => `${one.type} ${one.release}`))].sort(compare), "release").slice(
      0,
      8,
    ),
  };
}

/** As it was when it was last seen, but for its state. */
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
    since: new Date(one.createdAt * 1000).toISOString(),
    release: releaseOf(one),
    ...(endpoint === undefined ? {} : { endpoint }),
  };
}

function endpointOf({ published, state }: ObservedInstance, engine: string): string | undefined {
  if (published === undefined || state !== "running") return undefined;
  return formatEndpoint(reachableAddress(engine, published.address), published.port);
}
