import { hostName } from "../core/values/addresses";
import { DockerHost } from "./docker/host/docker-host";
import type { Host } from "./docker/host/host";
import { surroundingEngine } from "../engine/connect/find-engine";
import type { Swarm } from "./swarm/api/swarm";
import type { Patience } from "./swarm/api/managers";
import type { HostEntry, Transport } from "../engine/connect/transport";
import { transportTo } from "../engine/connect/transports";

/**
 * Connects to the engines that the resource declares, else stack config, else DOCKER_HOST, else the current docker
 * context, else to the default socket. No engine is contacted yet.
 */
export function connect(
  declared: readonly HostEntry[] | undefined,
  config: string | undefined,
  env: Readonly<Record<string, string | undefined>>,
): Host[] {
  return reach(declared, config, env, ({ name, host }, transport) => {
    return new DockerHost(name ?? hostName(host), host, transport);
  });
}

/** Connects to a Swarm, whose managers' addresses come from the same places as those of hosts. */
export async function connectSwarm(
  declared: readonly HostEntry[] | undefined,
  config: string | undefined,
  env: Readonly<Record<string, string | undefined>>,
  patience: Patience,
): Promise<Swarm> {
  // Loaded on demand, because only formations on a Swarm need these modules.
  const [{ SwarmEngine }, { Managers }] = await Promise.all([
    import("./swarm/api/swarm-engine"),
    import("./swarm/api/managers"),
  ]);
  const managers = reach(declared, config, env, ({ host }, transport) => ({ address: host, transport }));
  return new SwarmEngine(new Managers(managers, patience));
}

function reach<T>(
  declared: readonly HostEntry[] | undefined,
  config: string | undefined,
  env: Readonly<Record<string, string | undefined>>,
  make: (entry: HostEntry, transport: Transport) => T,
): T[] {
  if (declared !== undefined) return declared.map((entry) => make(entry, transportTo(entry, "host")));
  const { source, ...entry } = surroundingEngine(config, env);
  return [make(entry, transportTo(entry, source))];
}
