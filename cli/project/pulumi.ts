import { spawn, type ChildProcess, type SpawnOptions } from "node:child_process";
import { accessSync, constants, realpathSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { FormationError } from "../../provider/core/values/errors";
import { pulumiHome } from "./backend";
import { readJson } from "./files";
import type { Env } from "./env";
import type { Project } from "./project";

export interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Skips type checks, which take longer than all the rest: a deployed program has passed them already. */
export const QUICK = { PULUMI_SKIP_UPDATE_CHECK: "true", PULUMI_NODEJS_TRANSPILE_ONLY: "true" };

/** Arguments for the project's stack, without questions. */
export function quietArguments({ stack }: Pick<Project, "stack">): readonly string[] {
  return ["--stack", stack, "--non-interactive", "--color=never"];
}

/** Starts the Pulumi CLI in the project's folder, on its stack, without questions. */
function startPulumi(project: Project, args: readonly string[], env: Env, options: SpawnOptions = {}): ChildProcess {
  const { command, path } = pulumiCommand(project.folder, env);
  return spawn(command, [...args, ...quietArguments(project)], {
    ...options,
    cwd: project.folder,
    env: { ...QUICK, ...env, ...options.env, PATH: path },
  });
}

/** Runs the Pulumi CLI to its end. */
export async function runPulumi(project: Project, args: readonly string[], env: Env): Promise<Outcome> {
  const child = startPulumi(project, args, env, { stdio: ["ignore", "pipe", "pipe"] });
  const read = (stream: NodeJS.ReadableStream | null) => {
    const chunks: Buffer[] = [];
    stream?.on("data", (chunk: Buffer) => chunks.push(chunk));
    return () => Buffer.concat(chunks).toString("utf8");
  };
  const [stdout, stderr] = [read(child.stdout), read(child.stderr)];
  const code = await ended(child);
  return { code, stdout: stdout(), stderr: stderr() };
}

/** Pulumi's error message, without the `error:` that we print ourselves. */
export function complaintIn(stderr: string): string {
  return stderr.trim().replace(/^error: /, "") || "pulumi ended without a word";
}

/** Exit code of a process, once all of its output has been read; 1 when a signal ended it. */
export function ended(child: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => resolve(code ?? 1));
  });
}

/** The Pulumi CLI and the PATH to run it with. */
export interface PulumiCommand {
  readonly command: string;
  readonly path: string;
}

/** Finds `pulumi` on PATH, else the launcher installed from npm in the project or a folder above it. */
export function pulumiCommand(folder: string, env: Env, platform: string = process.platform): PulumiCommand {
  const onPath = (env["PATH"] ?? "").split(delimiter).filter((entry) => entry !== "");
  const installed: string[] = [];
  for (let at = folder; ; at = dirname(at)) {
    installed.push(join(at, "node_modules", ".bin"));
    if (at === dirname(at)) break;
  }
  const found = [...onPath, ...installed].map((entry) => join(entry, "pulumi")).find(isExecutable);
  if (found !== undefined) return launchedBy(found, env) ?? { command: found, path: env["PATH"] ?? "" };
  throw new FormationError("NotFound", "there is no pulumi command", {
    // On Windows Pulumi is pulumi.exe or pulumi.cmd, and starts in another way.
    hint:
      platform === "win32"
        ? "on Windows, formation and Pulumi are to be run in WSL: install both there"
        : "install Pulumi, or add the npm package pulumi to the project",
  });
}

/** The program that npm's launcher would start, once it is installed: skipping the launcher saves 80 ms. */
function launchedBy(file: string, env: Env): PulumiCommand | undefined {
  const launcher = dirname(realpathSync(file));
  const { name, version } = (readJson(join(launcher, "package.json")) ?? {}) as { name?: string; version?: string };
  if (name !== "pulumi" || version === undefined) return undefined;
  const folder = join(pulumiHome(env), "versions", env["PULUMI_VERSION"] || version, "bin");
  const command = join(folder, "pulumi");
  return isExecutable(command) ? { command, path: `${folder}${delimiter}${env["PATH"] ?? ""}` } : undefined;
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
