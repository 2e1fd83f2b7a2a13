import { randomUUID } from "node:crypto";
import { linkSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { basename, dirname, join } from "node:path";
import { FormationError } from "../../provider/core/values/errors";
import { isProcessGone, ownProcess } from "../../provider/engine/own-process";
import { readJson } from "../project/files";
import type { Project } from "../project/project";
import type { Edit } from "../project/stack-config";

/** Holder of the lock on a stack's configuration, with enough to finish the change if the holder has died. */
export interface Holder {
  readonly id: string;
  readonly pid: number;
  readonly host: string;
  /** Identifies the process on its machine for certain, because a pid may be used again. */
  readonly process?: string;
  readonly actor: string;
  /** `scale web=3` */
  readonly command: string;
  readonly since: string;
  readonly urn: string;
  readonly edit: Edit;
}

/** Path of the lock file: reading, updating and renaming a stack's configuration file is a single action. */
export function lockFile({ configFile }: Pick<Project, "configFile">): string {
  return join(dirname(configFile), `.${basename(configFile)}.lock`);
}

/** @returns a function that releases the lock, or the current holder */
export function acquire(
  project: Project,
  who: Pick<Holder, "actor" | "command" | "urn" | "edit">,
  now: Date,
): { readonly release: () => void } | { readonly holder: Holder } {
  const file = lockFile(project);
  const own: Holder = {
    id: randomUUID(),
    pid: process.pid,
    host: hostname(),
    process: ownProcess(),
    since: now.toISOString(),
    ...who,
  };
  const draft = `${file}.${own.id}`;
  writeFileSync(draft, JSON.stringify(own));
  try {
    // A link is whole from the start, unlike a file that is opened and then written.
    link(draft, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    const holder = holderOf(project);
    // A lock without a holder was released in this very moment: try again.
    return holder === undefined ? acquire(project, who, now) : { holder };
  } finally {
    rmSync(draft, { force: true });
  }
  return { release: () => clear(project, own) };
}

/** Links a file, or copies it in shared folders that do not support links. */
function link(draft: string, file: string): void {
  try {
    linkSync(draft, file);
  } catch (error) {
    if (!["EPERM", "ENOTSUP", "ENOSYS", "EOPNOTSUPP"].includes(String((error as NodeJS.ErrnoException).code)))
      throw error;
    writeFileSync(file, readFileSync(draft), { flag: "wx" });
  }
}

export function holderOf(project: Project): Holder | undefined {
  return readJson(lockFile(project)) as Holder | undefined;
}

export function clear(project: Project, holder: Holder): void {
  if (holderOf(project)?.id === holder.id) rmSync(lockFile(project), { force: true });
}

/** `elsewhere`: the process cannot be checked from this machine. */
export function lifeOf(holder: Pick<Holder, "pid" | "host" | "process">): "alive" | "dead" | "elsewhere" {
  const { pid, host, process: name = "" } = holder;
  // A pid may be used again by now, and the machine may have been renamed.
  if (isProcessGone(name)) return "dead";
  if (host !== hostname()) return "elsewhere";
  try {
    process.kill(pid, 0);
    return "alive";
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM" ? "alive" : "dead";
  }
}

export function describe({ actor, command, pid, host, since }: Holder): string {
  return `${actor} runs formation ${command} since ${since} (pid ${pid} on ${host})`;
}

export function refuseDead(holder: Holder): void {
  if (lifeOf(holder) !== "dead") return;
  throw new FormationError("Locked", `${describe(holder)}, but that process is gone`, {
    hint: "formation unlock finishes what it left and gives its lock back",
  });
}
