import { homedir } from "node:os";
import { join, resolve } from "node:path";
import type { Env } from "./env";
import { readJson } from "./files";

/** Where Pulumi keeps the state: in files that we can read ourselves, or where only Pulumi itself can. */
export type Backend =
  /** `folder` is the one that holds `.pulumi`. */
  { readonly kind: "files"; readonly folder: string } | { readonly kind: "other"; readonly url: string };

/** In Pulumi's own order: PULUMI_BACKEND_URL, the project's `backend`, where `pulumi login` went. */
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
