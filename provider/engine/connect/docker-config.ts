import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { FormationError } from "../../core/values/errors";
import { plainLine } from "../../core/values/plain";

type Env = Readonly<Record<string, string | undefined>>;

export function dockerFolder(env: Env): string {
  return env["DOCKER_CONFIG"] || join(homedir(), ".docker");
}

/** File of the docker command's own configuration. */
export function dockerConfigFile(env: Env): string {
  return join(dockerFolder(env), "config.json");
}

/** Reads the docker command's own configuration; empty when there is none. */
export function dockerConfig(env: Env): Readonly<Record<string, unknown>> {
  const file = dockerConfigFile(env);
  const config = readJson(file) ?? {};
  if (typeof config !== "object" || Array.isArray(config)) throw unusable(file, "is not an object");
  return config as Readonly<Record<string, unknown>>;
}

/** @returns nothing when there is no such file */
export function readJson(file: string): unknown {
  const text = read(file);
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    // The parser's own words quote the file, which may hold passwords.
    throw unusable(file, "is not JSON");
  }
}

function read(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    const { code = "unknown" } = error as { readonly code?: string };
    if (code === "ENOENT") return undefined;
    throw unusable(file, `cannot be read (${code})`);
  }
}

function unusable(file: string, what: string): FormationError {
  return new FormationError("InvalidInput", `${plainLine(file)} ${what}`, {
    hint: "correct it, as the docker command needs it, too",
  });
}
