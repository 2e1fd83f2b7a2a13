import { Agent } from "node:http";
import { hostName, parseHostAddress } from "../core/addresses";
import { FormationError } from "../core/errors";
import type { HostEntry } from "./connect";
import { DockerViewer } from "./docker-viewer";
import { EngineHttp } from "./engine-http";
import type { Viewer } from "./viewer";

/** An engine, wherever it is. Nothing is contacted yet. */
export function reach(entry: HostEntry): EngineHttp {
  const address = parseHostAddress(entry.host);
  if (address === undefined) {
    throw new FormationError("InvalidInput", `host is ${JSON.stringify(entry.host)}`, {
      hint: "give unix:///path/to/docker.sock",
    });
  }
  const options = { keepAlive: true, socketPath: address.socketPath };
  return new EngineHttp({ name: entry.name ?? hostName(entry.host), address: entry.host }, new Agent(options));
}

/** A look at an engine. */
export function view(entry: HostEntry): Viewer {
  return new DockerViewer(reach(entry));
}
