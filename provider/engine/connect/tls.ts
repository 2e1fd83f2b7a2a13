import { isIP } from "node:net";
import type { HostAddress } from "../../core/values/addresses";
import { explainTls } from "./tls-errors";
import { checkMaterial, readMaterial, type Material } from "./tls-material";
import { overSockets, settled, type HostEntry, type Transport } from "./transport";

/** TCP with TLS. The certificates of both sides are always checked. */
export function tlsTransport(
  { hostname, port }: Extract<HostAddress, { transport: "tcp" }>,
  entry: HostEntry,
): Transport {
  let material: Material | undefined;
  const checked = (): Material => {
    material ??= readMaterial(entry);
    checkMaterial(material, new Date());
    return material;
  };
  const open = async () => {
    // Loaded on demand, because loading takes longer than observing a local engine.
    const { connect } = await import("node:tls");
    const name = isIP(hostname) === 0 ? { servername: hostname } : {};
    return settled(connect({ host: hostname, port, ...name, ...checked() }), "secureConnect");
  };
  return {
    agent: overSockets(open),
    ready: () => Promise.resolve().then(checked),
    explain: (error) => {
      const explained = explainTls(error, hostname, material ?? {});
      return explained === undefined ? undefined : { ...explained, isLasting: true };
    },
    close: () => undefined,
  };
}
