import { hostName } from "../core/addresses";
import { DockerHost } from "./docker";
import type { Host } from "./host";
import { surroundingEngine } from "./surrounding-engine";
import type { HostEntry } from "./transport";
import { transportTo } from "./transports";

/**
 * The engines to use and where their addresses come from: the resource, stack config, DOCKER_HOST, the current docker
 * context, the default sockets, in this order. Nothing is contacted yet.
 */
export function connect(
  declared: readonly HostEntry[] | undefined,
  config: string | undefined,
  env: Readonly<Record<string, string | undefined>>,
): Host[] {
  if (declared !== undefined) return declared.map((entry) => connectTo(entry, "host"));
  const { source, ...entry } = surroundingEngine(config, env);
  return [connectTo(entry, source)];
}

function connectTo(entry: HostEntry, source: string): Host {
  return new DockerHost(entry.name ?? hostName(entry.host), entry.host, transportTo(entry, source));
}
