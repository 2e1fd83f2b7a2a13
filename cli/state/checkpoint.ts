import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { FormationError } from "../../provider/core/values/errors";
import { oncePossible, readText } from "../project/files";
import type { Env } from "../project/env";
import type { Project } from "../project/project";
import { SECRET, SIGNATURE } from "../../provider/pulumi/secret-mark";

/** A resource as recorded by Pulumi, with its secrets marked. */
export interface RecordedResource {
  readonly urn: string;
  readonly type: string;
  /** Set while a replaced resource waits for its deletion. */
  readonly delete?: boolean;
  readonly inputs?: Readonly<Record<string, unknown>>;
  readonly outputs?: Readonly<Record<string, unknown>>;
  readonly custom?: boolean;
  readonly parent?: string;
  /** Reference to the provider, as `urn::id`. */
  readonly provider?: string;
  readonly protect?: boolean;
  readonly retainOnDelete?: boolean;
  readonly deletedWith?: string;
  readonly replaceWith?: readonly string[];
  readonly importID?: string;
  readonly dependencies?: readonly string[];
  readonly propertyDependencies?: Readonly<Record<string, readonly string[] | null>>;
  readonly additionalSecretOutputs?: readonly string[];
  readonly ignoreChanges?: readonly string[];
  readonly replaceOnChanges?: readonly string[];
  readonly hideDiff?: readonly string[];
  /** Timeouts in seconds. */
  readonly customTimeouts?: { readonly create?: number; readonly update?: number; readonly delete?: number };
  readonly sourcePosition?: string;
  readonly stackTrace?: readonly { readonly sourcePosition: string }[];
  /** Reasons why the last update of the resource was incomplete. */
  readonly initErrors?: readonly string[];
}

/**
 * Reads the recorded resources, from the backend's own files where possible, because starting Pulumi takes longer than
 * everything else that a command like `ps` does.
 *
 * @param decrypted true to decrypt secrets
 */
export async function readResources(
  project: Project,
  env: Env,
  decrypted: boolean,
): Promise<readonly RecordedResource[]> {
  const recorded = decrypted ? undefined : await readCheckpoint(project);
  if (recorded !== undefined) return recorded;
  const { complaintIn, runPulumi } = await import("../project/pulumi");
  const { code, stdout, stderr } = await runPulumi(
    project,
    ["stack", "export", ...(decrypted ? ["--show-secrets"] : [])],
    env,
  );
  if (code !== 0) {
    throw new FormationError("NotFound", `the state of stack ${project.stack} cannot be read: ${complaintIn(stderr)}`);
  }
  const { deployment } = JSON.parse(stdout) as { deployment: { resources?: RecordedResource[] } };
  return deployment.resources ?? [];
}

async function readCheckpoint({ backend, name, stackName }: Project): Promise<readonly RecordedResource[] | undefined> {
  if (backend.kind !== "files") return undefined;
  const folder = join(backend.folder, ".pulumi", "stacks", name);
  const file = join(folder, `${stackName}.json`);
  const recorded = await oncePossible(async () => {
    const text = existsSync(`${file}.gz`) ? await unzipped(`${file}.gz`) : readText(file);
    return text === undefined ? undefined : resourcesIn(text);
  });
  if (recorded !== undefined || !existsSync(folder)) return recorded;
  const stacks = readdirSync(folder).flatMap((entry) => /^(.+)\.json(\.gz)?$/.exec(entry)?.[1] ?? []);
  throw new FormationError("NotFound", `project ${name} has no stack ${stackName}`, {
    hint: `its stacks are ${[...new Set(stacks)].sort().join(", ")}`,
  });
}

function resourcesIn(text: string): readonly RecordedResource[] {
  const { checkpoint } = JSON.parse(text) as { checkpoint: { latest?: { resources?: RecordedResource[] } } };
  return checkpoint.latest?.resources ?? [];
}

async function unzipped(file: string): Promise<string> {
  const { gunzipSync } = await import("node:zlib");
  return gunzipSync(readFileSync(file)).toString("utf8");
}

/** Placeholder for a secret that was not decrypted. */
export const ENCRYPTED: unique symbol = Symbol("secret");

/** Strips the marks of secrets, so that plain data is left. */
export function unsealed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(unsealed);
  if (typeof value !== "object" || value === null) return value;
  const marked = value as Readonly<Record<string, unknown>>;
  if (marked[SIGNATURE] === SECRET) {
    return typeof marked["plaintext"] === "string" ? unsealed(JSON.parse(marked["plaintext"])) : ENCRYPTED;
  }
  return Object.fromEntries(Object.entries(marked).map(([key, inner]) => [key, unsealed(inner)]));
}

/** True when the value contains a secret that was not decrypted. */
export function isEncrypted(value: unknown): boolean {
  if (value === ENCRYPTED) return true;
  return typeof value === "object" && value !== null && Object.values(value).some(isEncrypted);
}
