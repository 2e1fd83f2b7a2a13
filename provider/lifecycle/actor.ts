import { execFile } from "node:child_process";
import { hostname, userInfo } from "node:os";
import { promisify } from "node:util";

/**
 * Variables in which CI systems name the person who started the job. Jenkins needs its plugin Build User Vars; Tekton
 * and Argo name nobody.
 */
const CI_USERS = [
  "GITHUB_ACTOR",
  "GITLAB_USER_EMAIL",
  "GITLAB_USER_LOGIN",
  "BUILDKITE_BUILD_CREATOR_EMAIL",
  "CIRCLE_USERNAME",
  "BUILD_REQUESTEDFOREMAIL",
  "BUILD_USER_EMAIL",
  "BUILD_USER_ID",
  "BITBUCKET_STEP_TRIGGERER_UUID",
  "DRONE_BUILD_TRIGGER",
  "DRONE_COMMIT_AUTHOR",
];

/**
 * The person who changes the formation: FORMATION_ACTOR, else the CI system's user, else git's user.email, else
 * user@host. An unknown actor never fails an update.
 */
export async function findActor(env: Readonly<Record<string, string | undefined>>): Promise<string> {
  const named = ["FORMATION_ACTOR", ...CI_USERS]
    .map((name) => env[name])
    .find((value) => value !== undefined && value !== "");
  return (named ?? (await gitEmail())) || `${localUser(env, userInfo)}@${hostname()}`;
}

/** @param info throws for a user id that has no entry on the machine, as is usual in containers */
export function localUser(
  env: Readonly<Record<string, string | undefined>>,
  info: () => { readonly username: string },
): string {
  try {
    return info().username;
  } catch {
    return env["USER"] || env["LOGNAME"] || String(process.getuid?.() ?? "unknown");
  }
}

async function gitEmail(): Promise<string> {
  try {
    return (await promisify(execFile)("git", ["config", "user.email"], { timeout: 2000 })).stdout.trim();
  } catch {
    return "";
  }
}
