import type { DesiredInstance } from "../../../core/model/desired";
import { isOfEngine, type Network } from "../../../core/inputs/container/networks";
import { LABEL } from "../../../core/model/labels";
import type { AgreedEngine } from "../../../engine/api-version";
import type { ContainerCreateOptions, ContainerInspectInfo, Endpoint } from "../../../engine/containers";
import { statusOf } from "../../../engine/refusal";

/** The part of a container's creation that tells its first network: older engines take no second one there. */
export function firstNetwork({ networks }: Pick<DesiredInstance, "networks">): {
  readonly mode?: string;
  readonly config: Pick<ContainerCreateOptions, "NetworkingConfig">;
} {
  const [first] = networks;
  if (first === undefined) return { config: {} };
  const mode = String(first.name);
  if (first.aliases.length === 0 || isOfEngine(mode)) return { mode, config: {} };
  return { mode, config: { NetworkingConfig: { EndpointsConfig: { [mode]: endpoint(first) } } } };
}

/** Connects a container to all its networks but the first, as far as it is not connected yet. */
export async function connect(
  engine: Pick<AgreedEngine, "act">,
  container: string,
  { networks }: Pick<DesiredInstance, "networks">,
): Promise<void> {
  for (const network of networks.slice(1)) {
    const body = { Container: container, EndpointConfig: endpoint(network) };
    try {
      await engine.act("POST", `/networks/${encodeURIComponent(String(network.name))}/connect`, { body });
    } catch (error) {
      if (!isConnectedAlready(error)) throw error;
    }
  }
}

/** True for an engine that refuses to connect a running container twice. */
function isConnectedAlready(error: unknown): boolean {
  const status = statusOf(error);
  return (
    status !== undefined &&
    status !== 404 &&
    /already (exists in|connected to) network|already connected/.test(String(error))
  );
}

function endpoint({ aliases }: Network): Endpoint {
  return aliases.length === 0 ? {} : { Aliases: aliases.map(String) };
}

/** True while a container is in all networks that it was made for. */
export function isConnected({ Config, HostConfig, NetworkSettings }: ContainerInspectInfo): boolean {
  const { NetworkMode: mode = "" } = HostConfig;
  const first = mode === "default" ? "bridge" : mode;
  // A container that shares another container's network has none of its own.
  if (first.startsWith("container:")) return true;
  const isIn = (made: string) =>
    Object.entries(NetworkSettings.Networks).some(([name, { NetworkID: id }]) => name === made || id.startsWith(made));
  return [first, ...(Config.Labels[LABEL.networks]?.split(",") ?? [])].every(isIn);
}
