import { Agent } from "node:http";
import { hostName, parseHostAddress } from "../core/addresses";
import { FormationError } from "../core/errors";
import type { HostEntry } from "./connect";
import { DockerViewer } from "./docker-viewer";
import type { Viewer } from "./viewer";

/** Looks at an engine, wherever it is. Nothing is contacted yet. */
export function view(entry: HostEntry): Viewer {
  const address = parseHostAddress(entry.host);
  if (address === undefined) {
    throw new FormationError("InvalidInput", `host is ${JSON.stringify(entry.host)}`, {
      hint: "give unix:///path/to/docker.sock",
    });
  }
  const options = { keepAlive: true, socketPath: address.socketPath };
  return new DockerViewer(entry.name ?? hostName(entry.host), entry.host, new Agent(options));
}
