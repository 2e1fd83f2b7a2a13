import { isIP } from "node:net";

/** The address on the host where a process's port is published. Without `port`, one that is free is taken. */
export interface Bind {
  readonly address: string;
  readonly port?: number;
}

/** Parses `127.0.0.1`, `0.0.0.0:8080`, `[::1]:8080` or `::1`; `undefined` for anything else. */
export function parseBind(text: string): Bind | undefined {
  if (isIP(text) !== 0) return { address: text };
  const match = /^(?:\[([^\]]+)\]|([^:[\]]+)):(\d{1,5})$/.exec(text);
  const address = match?.[1] ?? match?.[2] ?? "";
  return isIP(address) !== 0 && isPort(match?.[3]) ? { address, port: Number(match?.[3]) } : undefined;
}

/** Formats an endpoint: `127.0.0.1:8080`, `[::1]:8080`. */
export function formatEndpoint(address: string, port: number): string {
  return isIP(address) === 6 ? `[${address}]:${port}` : `${address}:${port}`;
}

/** True when two listeners on the same port would collide. Without an address, any is meant. */
export function overlaps(one: Partial<Bind>, other: Partial<Bind>): boolean {
  if (one.port !== other.port) return false;
  const [a, b] = [one.address ?? "", other.address ?? ""];
  if (a === b || a === "" || b === "") return true;
  return isIP(a) === isIP(b) && [a, b].some((address) => address === "0.0.0.0" || address === "::");
}

/** The way to reach an engine, in the words of @pulumi/docker's provider arguments. */
export type HostAddress =
  | { readonly transport: "unix"; readonly socketPath: string }
  | { readonly transport: "tcp"; readonly hostname: string; readonly port: number }
  | {
      readonly transport: "ssh";
      readonly user?: string;
      readonly hostname: string;
      readonly port?: number;
      /** The engine's socket on that machine. */
      readonly socketPath: string;
    };

export const DEFAULT_SOCKET = "/var/run/docker.sock";
export const HOST_ADDRESS_RULE = "unix:///var/run/docker.sock, tcp://host:2376 or ssh://user@host";
/** The risk of plain TCP, which is allowed to this machine only. */
export const PLAIN_TCP =
  "where whoever reaches the port is root on that machine: give caMaterial, certMaterial and keyMaterial (or certPath; DOCKER_CERT_PATH beside DOCKER_HOST), or use ssh://user@host";

// These words go to ssh as they are, and from there into the user's own ProxyCommand: nothing that a shell or ssh could
// take for more than a name gets through, nor a name that reads like an option.
const HOSTNAME = String.raw`[A-Za-z0-9_][A-Za-z0-9_.-]*|\[[0-9A-Fa-f:.]+\]`;
const PORT = String.raw`\d{1,5}`;
const TCP = new RegExp(`^tcp://(${HOSTNAME}):(${PORT})/?$`);
const SSH = new RegExp(
  String.raw`^ssh://(?:([A-Za-z0-9_][A-Za-z0-9_.+-]*)@)?(${HOSTNAME})(?::(${PORT}))?(/[A-Za-z0-9_./+@-]*)?$`,
);
const JUMP = new RegExp(`^(?:[A-Za-z0-9_][A-Za-z0-9_.+-]*@)?(?:${HOSTNAME})(?::${PORT})?$`);

export function parseHostAddress(text: string): HostAddress | undefined {
  const unix = /^unix:\/\/(\/[^\0]+)$/.exec(text);
  if (unix?.[1] !== undefined) return { transport: "unix", socketPath: unix[1] };
  const [, tcpHost, tcpPort] = TCP.exec(text) ?? [];
  if (tcpHost !== undefined && isPort(tcpPort)) {
    return { transport: "tcp", hostname: bare(tcpHost), port: Number(tcpPort) };
  }
  const [, user, sshHost, sshPort, path = "/"] = SSH.exec(text) ?? [];
  if (sshHost === undefined || (sshPort !== undefined && !isPort(sshPort))) return undefined;
  return {
    transport: "ssh",
    ...(user === undefined ? {} : { user }),
    hostname: bare(sshHost),
    ...(sshPort === undefined ? {} : { port: Number(sshPort) }),
    socketPath: path === "/" ? DEFAULT_SOCKET : path,
  };
}

/** True for the machines on the way, as ssh's `-J` takes them: `user@host:port,host`. */
export function isJump(text: string): boolean {
  return text.split(",").every((part) => JUMP.test(part));
}

function isPort(text: string | undefined): boolean {
  const port = Number(text);
  return port >= 1 && port <= 65535;
}

/** Removes the brackets of `[::1]`, which only an address with a port has. */
function bare(hostname: string): string {
  return hostname.startsWith("[") ? hostname.slice(1, -1) : hostname;
}

/** True when a host name leads to this machine itself, whatever its network. */
export function isLoopback(hostname: string): boolean {
  return hostname === "localhost" || hostname === "::1" || (isIP(hostname) === 4 && hostname.startsWith("127."));
}

/**
 * Hides the password of a text that should be an address, for messages: all from the first colon after the scheme to
 * the last `@`. An address as we take it has no password.
 */
export function withoutPassword(address: string): string {
  if (parseHostAddress(address) !== undefined) return address;
  return address.replace(/^(\w+:\/\/|(?!\w+:\/\/))([^:@]*):[^]*@/, "$1$2:…@");
}

/** True when a port published on the engine's loopback address can be reached from here. */
export function isLocal(host: string): boolean {
  return host.startsWith("unix:");
}

/** The name of a host in plans when none was declared. */
export function hostName(address: string): string {
  return isLocal(address) ? "local" : (/^[a-z]+:\/\/(?:[^@/]*@)?(\[[^\]]+\]|[^:/]+)/.exec(address)?.[1] ?? address);
}

/** The address at which a port that is published on an engine's host can be reached from here. */
export function reachableAddress(engine: string, publishedOn: string): string {
  if (publishedOn !== "0.0.0.0" && publishedOn !== "::") return publishedOn;
  // A port published on all IPv6 addresses is published on no other.
  const here = publishedOn === "::" ? "::1" : "127.0.0.1";
  return isLocal(engine) ? here : hostName(engine).replace(/^\[|\]$/g, "");
}
