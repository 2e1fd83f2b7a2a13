import {
  HOST_ADDRESS_RULE,
  isLoopback,
  parseHostAddress,
  PLAIN_TCP,
  withoutPassword,
  type HostAddress,
} from "../../core/values/addresses";
import { FormationError } from "../../core/values/errors";
import { tcpTransport, unixTransport } from "./tcp";
import { sshTransport } from "./ssh";
import { tlsTransport } from "./tls";
import { speaksTls } from "./tls-material";
import type { HostEntry, Transport } from "./transport";

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

/** Chooses the transport to an engine. Nothing is contacted yet. @param source origin of the address, for messages */
export function transportTo(entry: HostEntry, source: string): Transport {
  const address = parseHostAddress(entry.host);
  if (address === undefined) {
    const message = `${source} is ${JSON.stringify(withoutPassword(entry.host))}`;
    throw new FormationError("InvalidInput", message, { hint: `give ${HOST_ADDRESS_RULE}` });
  }
  if (address.transport === "tcp" && !speaksTls(entry) && !isLoopback(address.hostname)) {
    throw new FormationError("InvalidInput", `${source} is ${JSON.stringify(entry.host)} without TLS, ${PLAIN_TCP}`);
  }
  return over(address, entry, address.transport);
}

function over<T extends HostAddress["transport"]>(
  address: Extract<HostAddress, { transport: T }>,
  entry: HostEntry,
  transport: T,
): Transport {
  return transports[transport](address, entry);
}
