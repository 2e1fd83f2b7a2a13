import {
  HOST_ADDRESS_RULE,
  hostName,
  isLoopback,
  parseHostAddress,
  PLAIN_TCP,
  withoutPassword,
  type HostAddress,
} from "../core/addresses";
import { FormationError } from "../core/errors";
import { DockerHost } from "./docker";
import type { Host } from "./host";
import { tcpTransport, unixTransport } from "./plain";
import { sshTransport } from "./ssh";
import { surroundingEngine } from "./surrounding-engine";
import { tlsTransport } from "./tls";
import { speaksTls } from "./tls-material";
import type { HostEntry, Transport } from "./transport";

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

type Transports = {
  readonly [T in HostAddress["transport"]]: (
    address: Extract<HostAddress, { transport: T }>,
    entry: HostEntry,
  ) => Transport;
};

const transports: Transports = {
  unix: unixTransport,
  tcp: (address, entry) => (speaksTls(entry) ? tlsTransport(address, entry) : tcpTransport(address)),
  ssh: sshTransport,
};

/** @param source where the address was given, for messages */
function connectTo(entry: HostEntry, source: string): Host {
  const address = parseHostAddress(entry.host);
  if (address === undefined) {
    const message = `${source} is ${JSON.stringify(withoutPassword(entry.host))}`;
    throw new FormationError("InvalidInput", message, { hint: `give ${HOST_ADDRESS_RULE}` });
  }
  if (address.transport === "tcp" && !speaksTls(entry) && !isLoopback(address.hostname)) {
    throw new FormationError("InvalidInput", `${source} is ${JSON.stringify(entry.host)} without TLS, ${PLAIN_TCP}`);
  }
  return new DockerHost(entry.name ?? hostName(entry.host), entry.host, transportTo(address, entry, address.transport));
}

function transportTo<T extends HostAddress["transport"]>(
  address: Extract<HostAddress, { transport: T }>,
  entry: HostEntry,
  transport: T,
): Transport {
  return transports[transport](address, entry);
}
