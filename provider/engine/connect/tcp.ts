import { connect } from "node:net";
import type { HostAddress } from "../../core/values/addresses";
import { overSockets, settled, type Explanation, type Transport } from "./transport";

const nothing = { ready: () => Promise.resolve(), close: () => undefined };

export function unixTransport({ socketPath }: Extract<HostAddress, { transport: "unix" }>): Transport {
  return {
    ...nothing,
    agent: overSockets(() => settled(connect(socketPath), "connect")),
    explain: () => undefined,
  };
}

/** TCP without TLS. The caller makes sure that it stays on this machine. */
export function tcpTransport({ hostname, port }: Extract<HostAddress, { transport: "tcp" }>): Transport {
  return {
    ...nothing,
    agent: overSockets(() => settled(connect({ host: hostname, port }), "connect")),
    explain: explainPlain,
  };
}

function explainPlain(error: unknown): Explanation | undefined {
  if (!/HTTP request to an HTTPS server/.test(String(error))) return undefined;
  const hint = "give caMaterial, certMaterial and keyMaterial (or certPath)";
  return { reason: "the engine speaks TLS there, and no certificates are given", hint };
}
