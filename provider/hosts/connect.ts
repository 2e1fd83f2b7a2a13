import { hostName, parseHostAddress } from "../core/addresses";
import { FormationError } from "../core/errors";
import { DockerHost } from "./docker";
import type { Host } from "./host";
import { surroundingEngine } from "./surrounding-engine";

export interface HostEntry {
  readonly name?: string | undefined;
  readonly host: string;
}

/**
 * The engine to use and where its address comes from: the resource, stack config, DOCKER_HOST, the current docker
 * context, the default sockets, in this order.
 */
export function connect(
  declared: readonly HostEntry[] | undefined,
  config: string | undefined,
  env: Readonly<Record<string, string | undefined>>,
): Host[] {
  return (declared ?? [surroundingEngine(config, env)]).map(connectTo);
}

function connectTo(entry: HostEntry): Host {
  const address = parseHostAddress(entry.host);
  if (address === undefined) {
    throw new FormationError("InvalidInput", `host is ${JSON.stringify(entry.host)}`, {
      hint: "give unix:///path/to/docker.sock",
    });
  }
  return new DockerHost(entry.name ?? hostName(entry.host), entry.host, { socketPath: address.socketPath });
}
