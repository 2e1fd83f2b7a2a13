import { hostName } from "../../provider/core/addresses";
import { FormationError } from "../../provider/core/errors";
import type { HostEntry } from "../../provider/hosts/transport";
import { surroundingEngine } from "../../provider/hosts/surrounding-engine";
import { view, viewSwarm } from "../../provider/hosts/reach";
import type { Viewer } from "../../provider/hosts/viewer";
import type { CliContext } from "../context";
import type { RecordedFormation } from "../formations";
import { isSealed } from "../state";
import { hostConfig } from "./host-config";

/** The formation, and how to reach every host that it may be on. */
export interface Found {
  readonly recorded: RecordedFormation;
  readonly entries: readonly HostEntry[];
}

/**
 * Secrets are read only where it takes some to reach a host, and where processes are left on a host that is declared no
 * longer.
 *
 * @param more properties that must be readable
 */
export async function findFormation(context: CliContext, more: readonly string[] = []): Promise<Found> {
  const recorded = await context.formation(more);
  const entries = isSealed(recorded.inputs["hosts"])
    ? plainEntries(recorded)
    : await declaredEntries(recorded, context);
  if (entries !== undefined && isCovered(recorded, entries)) return { recorded, entries };
  const whole = await context.formation(["hosts", "__former", ...more]);
  const declared = await declaredEntries(whole, context);
  const former = (whole.outputs["__former"] ?? []) as readonly (HostEntry & { readonly left?: boolean })[];
  const inUse = former.filter((one) => one.left !== true && isNew(one, declared));
  return { recorded: whole, entries: [...declared, ...inUse] };
}

/** Where the formation was last seen, if nothing but the address is needed to get there. */
function plainEntries({ outputs }: RecordedFormation): readonly HostEntry[] | undefined {
  const names = Object.entries((outputs["__names"] ?? {}) as Readonly<Record<string, string>>);
  if (names.length === 0 || names.some(([host]) => !host.startsWith("unix:"))) return undefined;
  return names.map(([host, name]) => ({ host, name }));
}

/** One for each host; a Swarm is one by itself. @param known viewers whose connections are kept */
export async function viewersOf({ recorded, entries }: Found, known: readonly Viewer[] = []): Promise<Viewer[]> {
  const knownAt = (address: string) => known.find((viewer) => viewer.address === address);
  const [first] = entries;
  if (isOnSwarm(recorded) && first !== undefined) return [knownAt(first.host) ?? (await viewSwarm(entries))];
  return entries.map((entry) => knownAt(entry.host) ?? view(entry));
}

export function isOnSwarm({ inputs }: Pick<RecordedFormation, "inputs">): boolean {
  return inputs["orchestrator"] === "swarm";
}

/** What was declared; else the engine of these surroundings if the formation is on it, else where it was last seen. */
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
  // Its nodes are nothing that is declared.
  if (isOnSwarm(recorded)) return true;
  const names = (outputs["__names"] ?? {}) as Readonly<Record<string, string>>;
  const known = new Set(entries.map((entry) => names[entry.host] ?? entry.name ?? hostName(entry.host)));
  const instances = (outputs["instances"] ?? []) as readonly { readonly host: string }[];
  return instances.every((one) => known.has(one.host));
}

function isNew(entry: HostEntry, entries: readonly HostEntry[]): boolean {
  return entries.every((one) => one.host !== entry.host);
}

/** Nothing of an app where it should be may mean that the address leads elsewhere now. */
export async function refuseOtherEngine(viewer: Viewer, expected: string | undefined): Promise<void> {
  // Podman has no id that lasts.
  if (expected === undefined || expected === "") return;
  const engine = await viewer.engine();
  if (engine === expected) return;
  throw new FormationError(
    "EngineMismatch",
    `the formation runs on engine ${expected}, but ${viewer.name} (${viewer.address}) is engine ${engine}`,
    { hint: "set DOCKER_HOST, or the docker context, to the first" },
  );
}
