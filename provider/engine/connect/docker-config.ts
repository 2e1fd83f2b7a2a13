import { existsSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";

type Env = Readonly<Record<string, string | undefined>>;

export function dockerFolder(env: Env): string {
  return env["DOCKER_CONFIG"] ?? join(homedir(), ".docker");
}

/** Reads the docker command's own configuration, if there is one. */
export function dockerConfig(env: Env): unknown {
  return readJson(join(dockerFolder(env), "config.json"));
}

export function readJson(file: string): unknown {
  return existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : undefined;
}
