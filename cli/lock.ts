import { randomUUID } from "node:crypto";
import { linkSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { basename, dirname, join } from "node:path";
import { FormationError } from "../provider/core/errors";
import { isProcessGone, ownProcess } from "../provider/own-process";
import { readJson } from "./files";
import type { Project } from "./project";
import type { Edit } from "./stack-config";

/** Who is changing a stack's configuration, and enough to finish it for one who died over it. */
export interface Holder {
  readonly id: string;
  readonly pid: number;
  readonly host: string;
  /** By which it can be told for sure, on the same machine, that it is gone. */
  readonly process?: string;
  readonly actor: string;
  /** `scale web=3` */
  readonly command: string;
  readonly since: string;
  readonly urn: string;
  readonly edit: Edit;
}

/** Reading, updating and renaming a stack's configuration file is one action: this file says that it is going on. */
export function lockFile({ configFile }: Pick<Project, "configFile">): string {
  return join(dirname(configFile), `.${basename(configFile)}.lock`);
}

/** @returns what gives the lock back; or who holds it */
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
    // Unlike a file that is opened and then written, a link is whole from the start.
    link(draft, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    const holder = holderOf(project);
    // Given back in this very moment.
    return holder === undefined ? acquire(project, who, now) : { holder };
  } finally {
    rmSync(draft, { force: true });
  }
  return { release: () => clear(project, own) };
}

/** Some shared folders know no links. */
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

/** `elsewhere`: it cannot be told from here. */
export function lifeOf(holder: Pick<Holder, "pid" | "host" | "process">): "alive" | "dead" | "elsewhere" {
  const { pid, host, process: name = "" } = holder;
  // Its number may be another's by now, and the machine may be called otherwise.
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
