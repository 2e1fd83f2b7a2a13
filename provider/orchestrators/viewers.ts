import { hostName } from "../core/values/addresses";
import { DockerViewer } from "./docker/viewer";
import { EngineHttp } from "../engine/client";
import type { HostEntry } from "../engine/connect/transport";
import { transportTo } from "../engine/connect/transports";
import type { Viewer } from "./viewer";

/** Makes a client of an engine. Nothing is contacted yet. */
export function reach(entry: HostEntry): EngineHttp {
  return new EngineHttp(entry.name ?? hostName(entry.host), entry.host, transportTo(entry, "host"));
}

/** Makes a read-only view of an engine. */
export function view(entry: HostEntry): Viewer {
  return new DockerViewer(reach(entry));
}

/** Makes a read-only view of the Swarm that these hosts manage. */
export async function viewSwarm(managers: readonly HostEntry[]): Promise<Viewer> {
  // Loaded on demand, because only formations on a Swarm need it.
  const { SwarmViewer } = await import("./swarm/viewer");
  return new SwarmViewer(managers.map(reach));
}
