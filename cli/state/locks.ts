import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { readJson } from "../project/files";
import type { Project } from "../project/project";

/** Holder of a lock on the state in a file backend, as Pulumi records it. */
export interface PulumiLock {
  readonly pid: number;
  readonly host: string;
  readonly user: string;
  readonly since: string;
}

/** @returns `undefined` for a backend whose locks are not files */
export function readPulumiLocks({ backend, name, stackName }: Project): readonly PulumiLock[] | undefined {
  if (backend.kind !== "files") return undefined;
  const folder = join(backend.folder, ".pulumi", "locks", "organization", name, stackName);
  const files = existsSync(folder) ? readdirSync(folder).filter((file) => file.endsWith(".json")) : [];
  return files.flatMap((file) => {
    const lock = readJson(join(folder, file)) as
      { readonly pid: number; hostname: string; username: string; timestamp: string } | undefined;
    // A lock whose file is missing was released in this very moment.
    if (lock === undefined) return [];
    return [{ pid: lock.pid, host: lock.hostname, user: lock.username, since: lock.timestamp }];
  });
}
