import { spawn, type ChildProcess, type SpawnOptions } from "node:child_process";
import { accessSync, constants } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { FormationError } from "../provider/core/errors";
import type { Env, Project } from "./project";

export interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A program that was deployed has been checked: to check its types again takes longer than all the rest. */
export const QUICK = { PULUMI_SKIP_UPDATE_CHECK: "true", PULUMI_NODEJS_TRANSPILE_ONLY: "true" };

/** On the project's stack, asking nothing. */
export function quietArguments({ stack }: Pick<Project, "stack">): readonly string[] {
  return ["--stack", stack, "--non-interactive", "--color=never"];
}

/** Starts the Pulumi CLI in the project's folder, on its stack, asking nothing. */
function startPulumi(project: Project, args: readonly string[], env: Env, options: SpawnOptions = {}): ChildProcess {
  return spawn(pulumiCommand(project.folder, env), [...args, ...quietArguments(project)], {
    ...options,
    cwd: project.folder,
    env: { ...QUICK, ...env, ...options.env },
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

/** What Pulumi complains of, without the word that we put before it ourselves. */
export function complaintIn(stderr: string): string {
  return stderr.trim().replace(/^error: /, "") || "pulumi ended without a word";
}

/** The exit code of a process, once all that it wrote has been read; 1 when a signal ended it. */
export function ended(child: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => resolve(code ?? 1));
  });
}

/** `pulumi` on PATH, else the launcher that the project, or a folder above it, has installed from npm. */
export function pulumiCommand(folder: string, env: Env): string {
  const onPath = (env["PATH"] ?? "").split(delimiter).filter((entry) => entry !== "");
  const installed: string[] = [];
  for (let at = folder; ; at = dirname(at)) {
    installed.push(join(at, "node_modules", ".bin"));
    if (at === dirname(at)) break;
  }
  const found = [...onPath, ...installed].map((entry) => join(entry, "pulumi")).find(isExecutable);
  if (found !== undefined) return found;
  throw new FormationError("NotFound", "there is no pulumi command", {
    hint: "install Pulumi, or add the npm package pulumi to the project",
  });
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
