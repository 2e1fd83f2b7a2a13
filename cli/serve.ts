import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { isIP } from "node:net";
import { formatEndpoint, isLoopback } from "../provider/core/values/addresses";
import { FormationError } from "../provider/core/values/errors";

export interface Listen {
  readonly address: string;
  readonly port: number;
}

/** Parses `9394`, `127.0.0.1:9394`, `localhost:9394`, `[::1]:9394` or `0.0.0.0:9394`; port 0 takes a free one. */
export function parseListen(text: string): Listen {
  const { address, port } = parseAddress(text.replace(/^localhost:/, "127.0.0.1:")) ?? { address: "", port: 0 };
  if (isIP(address) === 0) {
    throw new FormationError("InvalidInput", `--listen is ${JSON.stringify(text)}`, {
      hint: "give a port, or an address and a port such as 127.0.0.1:9394",
    });
  }
  return { address, port };
}

/** Parses the address of a server as others reach it: `9394`, or an address or name with a port. */
export function parseAddress(text: string): Listen | undefined {
  const match = /^(?:(?:\[([^\]]+)\]|([A-Za-z0-9._-]+)):)?(\d{1,5})$/.exec(text);
  const address = match?.[1] ?? match?.[2] ?? "127.0.0.1";
  const port = Number(match?.[3]);
  const isOne = isIP(address) !== 0 || (match?.[1] === undefined && /[A-Za-z]/.test(address));
  return match === null || !isOne || port > 65535 ? undefined : { address, port };
}

/** Serves until Ctrl-C. @returns the address on which it listens */
export async function serve(
  { address, port }: Listen,
  handle: (request: IncomingMessage, response: ServerResponse) => void,
): Promise<{ readonly server: Server; readonly endpoint: string }> {
  const server = createServer((request, response) => {
    // A foreign page in the same browser can reach a loopback address under its own host name (DNS rebinding).
    if (isLoopback(address) && !isOwnName(request.headers.host)) response.writeHead(403).end("unknown Host header\n");
    else if (request.method !== "GET" && request.method !== "HEAD") response.writeHead(405, { Allow: "GET" }).end();
    else handle(request, response);
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", (error) => reject(inTheWay(error, { address, port }))).listen(port, address, resolve);
  });
  // An error such as too many open connections is temporary: the server goes on.
  server.on("error", () => undefined);
  const bound = server.address();
  return { server, endpoint: formatEndpoint(address, typeof bound === "object" && bound !== null ? bound.port : port) };
}

function inTheWay(error: NodeJS.ErrnoException, { address, port }: Listen): FormationError {
  const why = error.code === "EADDRINUSE" ? "something else listens there" : (error.code ?? error.message);
  return new FormationError("PortTaken", `cannot listen on ${formatEndpoint(address, port)}: ${why}`, {
    hint: "give another with --listen; port 0 takes a free one",
    cause: error,
  });
}

function isOwnName(host: string | undefined): boolean {
  const name = (host ?? "").replace(/:\d+$/, "").replace(/^\[|\]$/g, "");
  return name === "localhost" || isLoopback(name);
}
