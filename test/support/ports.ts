import { once } from "node:events";
import { createServer, type AddressInfo, type Server } from "node:net";

/** Takes a port of the loopback address, like a program that has nothing to do with Docker. */
export async function holdPort(port = 0): Promise<Server> {
  const server = createServer().listen(port, "127.0.0.1");
  await once(server, "listening");
  return server;
}

export function portOf(server: Server): number {
  return (server.address() as AddressInfo).port;
}

export async function freePort(): Promise<number> {
  const server = await holdPort();
  const port = portOf(server);
  await once(server.close(), "close");
  return port;
}
