import { hostName } from "../core/addresses";
import { DockerViewer } from "./docker-viewer";
import { EngineHttp } from "./engine-http";
import type { HostEntry } from "./transport";
import { transportTo } from "./transports";
import type { Viewer } from "./viewer";

/** An engine, wherever it is. Nothing is contacted yet. */
export function reach(entry: HostEntry): EngineHttp {
  return new EngineHttp(entry.name ?? hostName(entry.host), entry.host, transportTo(entry, "host"));
}

/** A look at an engine. */
export function view(entry: HostEntry): Viewer {
  return new DockerViewer(reach(entry));
}

/** A look at the Swarm that these are managers of. */
export async function viewSwarm(managers: readonly HostEntry[]): Promise<Viewer> {
  // Loaded by those only who have one.
  const { SwarmViewer } = await import("./swarm-viewer");
  return new SwarmViewer(managers.map(reach));
}
