import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import type { HostEntry } from "./connect";
import { dockerConfig, dockerFolder, readJson } from "./docker-config";

type Env = Readonly<Record<string, string | undefined>>;

/** The engine that the docker command itself would use, unless stack config names one. */
export function surroundingEngine(config: string | undefined, env: Env): HostEntry {
  return { host: config ?? env["DOCKER_HOST"] ?? contextHost(env) ?? defaultSocket() };
}

/** The address of the current docker context, as the docker command itself would find it. */
function contextHost(env: Env): string | undefined {
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
