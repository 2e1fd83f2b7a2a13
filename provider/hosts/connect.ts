import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { hostName, parseHostAddress } from "../core/addresses";
import { FormationError } from "../core/errors";
import { DockerHost } from "./docker";
import { dockerConfig, dockerFolder, readJson } from "./docker-config";
import type { Host } from "./host";

export interface HostEntry {
  readonly name?: string | undefined;
  readonly host: string;
}

/**
 * The engine to use and where its address comes from: the resource, stack config, DOCKER_HOST, the current docker
 * context, the default sockets, in this order.
 */
export function connect(
  declared: readonly HostEntry[] | undefined,
  config: string | undefined,
  env: Readonly<Record<string, string | undefined>>,
): Host[] {
  const found = () => [{ host: config ?? env["DOCKER_HOST"] ?? contextHost(env) ?? defaultSocket() }];
  return (declared ?? found()).map(connectTo);
}

function connectTo(entry: HostEntry): Host {
  const address = parseHostAddress(entry.host);
  if (address === undefined) {
    throw new FormationError("InvalidInput", `host is ${JSON.stringify(entry.host)}`, {
      hint: "give unix:///path/to/docker.sock",
    });
  }
  return new DockerHost(entry.name ?? hostName(entry.host), entry.host, { socketPath: address.socketPath });
}

/** The address of the current docker context, as the docker command itself would find it. */
function contextHost(env: Readonly<Record<string, string | undefined>>): string | undefined {
  const folder = dockerFolder(env);
  const name = env["DOCKER_CONTEXT"] ?? (dockerConfig(env) as { currentContext?: string } | undefined)?.currentContext;
  if (name === undefined || name === "" || name === "default") return undefined;
  const meta = join(folder, "contexts", "meta", createHash("sha256").update(name).digest("hex"), "meta.json");
  return (readJson(meta) as { Endpoints?: { docker?: { Host?: string } } } | undefined)?.Endpoints?.docker?.Host;
}

function defaultSocket(): string {
  const home = homedir();
  const sockets = [
    "/var/run/docker.sock",
    join(home, ".docker/run/docker.sock"),
    join(home, ".docker/desktop/docker.sock"),
  ];
  return `unix://${sockets.find(existsSync) ?? "/var/run/docker.sock"}`;
}
