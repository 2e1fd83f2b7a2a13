import { homedir } from "node:os";
import { join, resolve } from "node:path";
import type { Env } from "./env";
import { readJson } from "./files";

/** Storage of Pulumi's state: files that we can read ourselves, or a service that only Pulumi can read. */
export type Backend =
  /** `folder` holds `.pulumi`. */
  { readonly kind: "files"; readonly folder: string } | { readonly kind: "other"; readonly url: string };

/** Finds the backend in Pulumi's own order: PULUMI_BACKEND_URL, the project's `backend`, the last `pulumi login`. */
export function findBackend(declared: string | undefined, projectFolder: string, env: Env): Backend {
  const url = env["PULUMI_BACKEND_URL"] || declared || loggedInto(env) || "https://api.pulumi.com";
  const match = /^file:\/\/([^?]*)/.exec(url);
  if (match === null) return { kind: "other", url };
  const path = match[1] ?? "";
  const folder = path === "~" || path.startsWith("~/") ? join(homedir(), path.slice(1)) : resolve(projectFolder, path);
  return { kind: "files", folder };
}

export function pulumiHome(env: Env): string {
  return env["PULUMI_HOME"] || join(homedir(), ".pulumi");
}

function loggedInto(env: Env): string | undefined {
  const folder = env["PULUMI_CREDENTIALS_PATH"] || pulumiHome(env);
  return (readJson(join(folder, "credentials.json")) as { readonly current?: string } | undefined)?.current;
}
