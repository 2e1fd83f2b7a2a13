import { hostName } from "../../provider/core/values/addresses";
import { FormationError } from "../../provider/core/values/errors";
import type { HostEntry } from "../../provider/engine/connect/transport";
import { surroundingEngine } from "../../provider/engine/connect/find-engine";
import { view, viewSwarm } from "../../provider/orchestrators/viewers";
import type { Viewer } from "../../provider/orchestrators/viewer";
import type { CliContext } from "../context";
import type { RecordedFormation } from "../state/formations";
import { isEncrypted } from "../state/checkpoint";
import { hostConfig } from "./host-config";

/** A formation and the entries of all hosts that it may be on. */
export interface Found {
  readonly recorded: RecordedFormation;
  readonly entries: readonly HostEntry[];
}

/**
 * Finds the formation and its hosts. Secrets are decrypted only when a host cannot be reached without them, or when
 * processes are left on a former host.
 *
 * @param more properties that must be decrypted
 */
export async function findFormation(context: CliContext, more: readonly string[] = []): Promise<Found> {
  const recorded = await context.formation(more);
  const entries = isEncrypted(recorded.inputs["hosts"])
    ? plainEntries(recorded)
    : await declaredEntries(recorded, context);
  if (entries !== undefined && isCovered(recorded, entries)) return { recorded, entries };
  const whole = await context.formation(["hosts", "__former", ...more]);
  const declared = await declaredEntries(whole, context);
  const former = (whole.outputs["__former"] ?? []) as readonly (HostEntry & { readonly left?: boolean })[];
  const inUse = former.filter((one) => one.left !== true && isNew(one, declared));
  return { recorded: whole, entries: [...declared, ...inUse] };
}

/** Hosts on which the formation was last observed, if their addresses alone are enough to reach them. */
function plainEntries({ outputs }: RecordedFormation): readonly HostEntry[] | undefined {
  const names = Object.entries((outputs["__names"] ?? {}) as Readonly<Record<string, string>>);
  if (names.length === 0 || names.some(([host]) => !host.startsWith("unix:"))) return undefined;
  return names.map(([host, name]) => ({ host, name }));
}

/** Creates a viewer per host, or one for a whole Swarm. @param known viewers whose connections are used again */
export async function viewersOf({ recorded, entries }: Found, known: readonly Viewer[] = []): Promise<Viewer[]> {
  const knownAt = (address: string) => known.find((viewer) => viewer.address === address);
  const [first] = entries;
  if (isOnSwarm(recorded) && first !== undefined) return [knownAt(first.host) ?? (await viewSwarm(entries))];
  return entries.map((entry) => knownAt(entry.host) ?? view(entry));
}

export function isOnSwarm({ inputs }: Pick<RecordedFormation, "inputs">): boolean {
  return inputs["orchestrator"] === "swarm";
}

/** Declared hosts; else the local engine if the formation is on it, else the hosts where it was last observed. */
async function declaredEntries(
  { inputs, outputs }: RecordedFormation,
  context: CliContext,
): Promise<readonly HostEntry[]> {
  const declared = inputs["hosts"] as readonly HostEntry[] | undefined;
  if (declared !== undefined && declared.length > 0) return declared;
  const found = surroundingEngine(await hostConfig(context), context.env);
  const names = (outputs["__names"] ?? {}) as Readonly<Record<string, string>>;
  const last = Object.keys(outputs["__engines"] ?? {});
  if (last.length === 0 || last.includes(found.host)) return [found];
  return last.map((host) => ({ host, ...(names[host] === undefined ? {} : { name: names[host] }) }));
}

function isCovered(recorded: RecordedFormation, entries: readonly HostEntry[]): boolean {
  const { outputs } = recorded;
  // The nodes of a Swarm are not declared.
  if (isOnSwarm(recorded)) return true;
  const names = (outputs["__names"] ?? {}) as Readonly<Record<string, string>>;
  const known = new Set(entries.map((entry) => names[entry.host] ?? entry.name ?? hostName(entry.host)));
  const instances = (outputs["instances"] ?? []) as readonly { readonly host: string }[];
  return instances.every((one) => known.has(one.host));
}

function isNew(entry: HostEntry, entries: readonly HostEntry[]): boolean {
  return entries.every((one) => one.host !== entry.host);
}

/** Refuses an address that now leads to another engine, on which none of the app's containers would be found. */
export async function refuseOtherEngine(viewer: Viewer, expected: string | undefined): Promise<void> {
  // Podman has no lasting id.
  if (expected === undefined || expected === "") return;
  const engine = await viewer.engine();
  if (engine === expected) return;
  throw new FormationError(
    "EngineMismatch",
    `the formation runs on engine ${expected}, but ${viewer.name} (${viewer.address}) is engine ${engine}`,
    { hint: "set DOCKER_HOST, or the docker context, to the first" },
  );
}
