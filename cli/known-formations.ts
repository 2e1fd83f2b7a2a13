import { createHash } from "node:crypto";
import { mkdirSync, renameSync, statSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import type { Formation } from "../provider/core/values/formation";
import type { CliContext } from "./context";
import { readJson } from "./project/files";
import { instancesOf, quantitiesOf } from "./state/formations";

/** The parts of a formation that shells complete. */
interface Known {
  readonly urn: string;
  readonly app: string;
  readonly quantities: Formation;
  readonly processes: readonly string[];
}

/** Time for which a list is reused, so that a second TAB need not wait. */
const FRESH_MS = 60_000;

/**
 * The stack's formations, cached for a moment: where the state is not in files, Pulumi would have to be started at each
 * TAB.
 */
export async function knownFormations(context: CliContext): Promise<readonly Known[]> {
  const { folder, stack, backend } = context.project();
  if (backend.kind === "files") return read(context);
  const caches = context.env["XDG_CACHE_HOME"] || join(context.env["HOME"] || homedir(), ".cache");
  const digest = createHash("sha256")
    .update(JSON.stringify([folder, stack, backend.url]))
    .digest("hex");
  const file = join(caches, "pulumi-formation", `${digest.slice(0, 32)}.json`);
  const fresh = recent(file);
  if (fresh !== undefined) return fresh;
  const now = await read(context);
  keep(file, now);
  return now;
}

async function read(context: CliContext): Promise<readonly Known[]> {
  const all = await context.formations();
  return all.map((formation) => {
    const processes = instancesOf(formation).map(({ name }) => name);
    return { urn: formation.urn, app: formation.app, quantities: quantitiesOf(formation), processes };
  });
}

function recent(file: string): readonly Known[] | undefined {
  const at = statSync(file, { throwIfNoEntry: false })?.mtimeMs;
  if (at === undefined || Math.abs(Date.now() - at) > FRESH_MS) return undefined;
  return readJson(file) as readonly Known[] | undefined;
}

/** Caches the list. A failure to do so only costs time: the stack is asked again. */
function keep(file: string, known: readonly Known[]): void {
  try {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    const next = `${file}.${process.pid}`;
    writeFileSync(next, JSON.stringify(known), { mode: 0o600 });
    renameSync(next, file);
  } catch {
    return;
  }
}
