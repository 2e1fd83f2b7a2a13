import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { DEFAULT_SOCKET } from "../../core/values/addresses";
import { FormationError } from "../../core/values/errors";
import { dockerConfig, dockerFolder, readJson } from "./docker-config";
import type { HostEntry } from "./transport";

type Env = Readonly<Record<string, string | undefined>>;
type Found = HostEntry & { readonly source: string };

/** Finds the engine that stack config names, else the one that the docker command itself would use. */
export function surroundingEngine(config: string | undefined, env: Env): Found {
  if (config !== undefined) return { source: "stack config formation:host", host: config, ...tlsOf(config, env) };
  const host = env["DOCKER_HOST"];
  if (host !== undefined && host !== "") return { source: "DOCKER_HOST", host, ...tlsOf(host, env) };
  return contextEngine(env) ?? { source: "the default", host: defaultSocket() };
}

/** Follows Docker's own switch for TLS. Certificates are checked whatever DOCKER_TLS_VERIFY says. */
function tlsOf(host: string, env: Env): { readonly certPath?: string } {
  const path = env["DOCKER_CERT_PATH"] || undefined;
  if (!host.startsWith("tcp:") || (path === undefined && !env["DOCKER_TLS_VERIFY"])) return {};
  return { certPath: path ?? dockerFolder(env) };
}

/** Finds the engine of the current docker context as the docker command does. */
function contextEngine(env: Env): Found | undefined {
  const folder = dockerFolder(env);
  const name = env["DOCKER_CONTEXT"] || dockerConfig(env)["currentContext"];
  if (typeof name !== "string" || name === "" || name === "default") return undefined;
  const digest = createHash("sha256").update(name).digest("hex");
  const meta = readJson(join(folder, "contexts", "meta", digest, "meta.json")) as
    { readonly Endpoints?: { readonly docker?: { readonly Host?: string } } } | undefined;
  const host = meta?.Endpoints?.docker?.Host;
  if (host === undefined)
    throw new FormationError("InvalidInput", `docker context ${name} is not there`, {
      hint: "choose one of docker context ls, or unset DOCKER_CONTEXT",
    });
  const certPath = join(folder, "contexts", "tls", digest, "docker");
  return { source: `docker context ${name}`, host, ...(existsSync(certPath) ? { certPath } : {}) };
}

function defaultSocket(): string {
  const home = homedir();
  const sockets = [DEFAULT_SOCKET, join(home, ".docker/run/docker.sock"), join(home, ".docker/desktop/docker.sock")];
  return `unix://${sockets.find(existsSync) ?? DEFAULT_SOCKET}`;
}
