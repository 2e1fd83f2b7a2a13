import type { DesiredInstance } from "../../../core/model/desired";
import { LABEL } from "../../../core/model/labels";
import type { SecretFiles } from "../../../core/model/secret-files";
import { FormationError, hasCode } from "../../../core/values/errors";
import type { AgreedEngine } from "../../../engine/api-version";
import { query } from "../../../engine/client";
import { statusOf } from "../../../engine/refusal";
import { tar, type Entry } from "../../../engine/tar";
import { createContainer, inspect } from "./container";
import { MEMORY, OURS } from "./files-mount";

// Secrets as files live in the host's own memory, outside every container: they outlast crashes of a process and of the
// engine, which a container's tmpfs and a volume of tmpfs do not. A reboot empties them, and an engine starts no
// container whose folder is gone.

/** The memory, as the carrier sees it. */
const INSIDE = "/memory";

/** A container's image, and whose it is. */
export type Bearer = Pick<DesiredInstance, "identity" | "image" | "settings">;

/** Writes the files of a container, unless they are there. */
export async function writeFiles(engine: AgreedEngine, bearer: Bearer, files: SecretFiles): Promise<void> {
  const path = `${OURS}/${files.folder}`;
  await carried(engine, bearer, files.folder, async (carrier) => {
    if ((await statOf(engine, carrier, path))?.mode === WHOLE) return;
    await put(engine, carrier, [...emptied(path), ...["a", "b", "c"].map((name) => file(`${path}/${name}`, ""))]);
    if ((await statOf(engine, carrier, path))?.size !== sizeInMemory(3)) throw noMemory(engine);
    await put(engine, carrier, [
      ...emptied(path),
      // Readable by any user that the image runs as, as a variable would be. Only root enters the folder around it.
      ...Object.entries(files.values).map(([name, value]) => file(`${path}/${name}`, String(value))),
      { path, mode: 0o755 },
    ]);
  });
}

/** Empties a folder; a file without content is left of it, as engines can write and replace, but not remove. */
export function clearFiles(engine: AgreedEngine, bearer: Bearer, folder: string): Promise<void> {
  const [ours, cleared] = emptied(`${OURS}/${folder}`);
  return carried(engine, bearer, folder, (carrier) => put(engine, carrier, [ours, cleared]));
}

/** Mode of a folder whose files are all written, in Go's words: its last entry opens it. */
const WHOLE = 2 ** 31 + 0o755;

/** A file takes the place of a folder with all that is in it, and a closed folder that of the file. */
function emptied(path: string): [ours: Entry, cleared: Entry, folder: Entry] {
  return [{ path: OURS, mode: 0o700 }, file(path, ""), { path, mode: 0o700 }];
}

function file(path: string, content: string): Entry {
  return { path, mode: 0o444, content };
}

/** Size of a folder in a tmpfs. No file system on a disk counts like that: ext4 says 4096, xfs 6 and more, btrfs 6. */
function sizeInMemory(files: number): number {
  return 20 * (2 + files);
}

function noMemory({ host }: AgreedEngine): FormationError {
  const what = `${host.name}: ${MEMORY} is not in memory (no tmpfs), so secrets as files would be written to a disk`;
  return new FormationError("EngineRefused", what, { hint: "mount a tmpfs there, or leave secretsAsFiles out" });
}

/** Lends a container that never runs, through which the engine writes into the host's memory. */
async function carried(
  engine: AgreedEngine,
  { identity, image, settings }: Bearer,
  folder: string,
  work: (carrier: string) => Promise<void>,
): Promise<void> {
  const name = `formation-files-${folder}`;
  try {
    await createContainer(engine, {
      name,
      platform: settings.platform,
      Image: String(image),
      Cmd: ["never"],
      Labels: { [LABEL.carrier]: identity },
      HostConfig: { NetworkMode: "none", Mounts: [{ Type: "bind", Source: MEMORY, Target: INSIDE, ReadOnly: false }] },
    });
  } catch (error) {
    // A carrier that an interrupted update has left does as well.
    if (!hasCode(error, "NameTaken")) throw error;
    if ((await inspect(engine, name)).Config.Labels[LABEL.carrier] !== identity) throw error;
  }
  try {
    await work(name);
  } finally {
    await engine.act("DELETE", `/containers/${name}${query({ force: true, v: true })}`).catch(() => undefined);
  }
}

function put(engine: AgreedEngine, carrier: string, entries: readonly Entry[]): Promise<void> {
  return engine.act("PUT", `/containers/${carrier}/archive${query({ path: INSIDE })}`, { body: tar(entries) });
}

interface Stat {
  readonly size: number;
  readonly mode: number;
}

async function statOf(engine: AgreedEngine, carrier: string, path: string): Promise<Stat | undefined> {
  try {
    const headers = await engine.head(`/containers/${carrier}/archive${query({ path: `${INSIDE}/${path}` })}`);
    const told = String(headers["x-docker-container-path-stat"] ?? "");
    return JSON.parse(Buffer.from(told, "base64").toString()) as Stat;
  } catch (error) {
    if (statusOf(error) === 404) return undefined;
    throw error;
  }
}
