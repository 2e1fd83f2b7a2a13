import { isIP } from "node:net";

/** Where a port is published on the host; without `port`, on one that is free. */
export interface Bind {
  readonly address: string;
  readonly port?: number;
}

/** `127.0.0.1`, `0.0.0.0:8080`, `[::1]:8080` or `::1`; `undefined` for anything else. */
export function parseBind(text: string): Bind | undefined {
  if (isIP(text) !== 0) return { address: text };
  const match = /^(?:\[([^\]]+)\]|([^:[\]]+)):(\d{1,5})$/.exec(text);
  const address = match?.[1] ?? match?.[2] ?? "";
  const port = Number(match?.[3]);
  return isIP(address) !== 0 && port >= 1 && port <= 65535 ? { address, port } : undefined;
}

/** `127.0.0.1:8080`, `[::1]:8080` */
export function formatEndpoint(address: string, port: number): string {
  return isIP(address) === 6 ? `[${address}]:${port}` : `${address}:${port}`;
}

/** How to reach an engine, in the words of @pulumi/docker's provider arguments. */
export type HostAddress = { readonly transport: "unix"; readonly socketPath: string };

export function parseHostAddress(text: string): HostAddress | undefined {
  const match = /^unix:\/\/(\/[^\0]+)$/.exec(text);
  return match?.[1] === undefined ? undefined : { transport: "unix", socketPath: match[1] };
}

/** Whether what is published on the engine's loopback address can be reached from here. */
export function isLocal(host: string): boolean {
  return host.startsWith("unix:");
}

/** What a host is called in plans when it was given no name. */
export function hostName(address: string): string {
  return isLocal(address) ? "local" : (/^[a-z]+:\/\/(?:[^@/]*@)?(\[[^\]]+\]|[^:/]+)/.exec(address)?.[1] ?? address);
}

/** Where a port that is published on an engine's host can be reached from here. */
export function reachableAddress(engine: string, publishedOn: string): string {
  if (publishedOn !== "0.0.0.0" && publishedOn !== "::") return publishedOn;
  return isLocal(engine) ? "127.0.0.1" : hostName(engine).replace(/^\[|\]$/g, "");
}
