import { formatFormation, type Formation } from "../../provider/core/values/formation";
import { writeConfigDraft } from "./config-draft";
import type { CliContext } from "../context";
import { instancesOf, quantitiesOf, type RecordedFormation } from "../state/formations";
import type { Intent } from "./intent";
import type { Project } from "../project/project";
import { updateFormation, type UpdateOptions } from "../update/update";

/** The recorded outcome of a change that was not done in full. */
export interface RecordedOutcome {
  readonly formation: Formation;
  readonly running: Formation;
  /** True when stack config, the state and the running processes agree. */
  readonly agrees: boolean;
}

/** Brings stack config and the state in line with the hosts, so that the next `up` surprises nobody. */
export async function recordOutcome(
  context: CliContext,
  project: Project,
  before: RecordedFormation,
  intent: Intent,
  { actor, onStart }: Pick<Settling, "actor" | "onStart">,
): Promise<RecordedOutcome> {
  const now = await context.formation();
  const reached = reachedBy(before, now, intent);
  const names = Object.keys(reached.set);
  const candidate = writeConfigDraft(project, { ...intent.edit, set: reached.set, unset: [] });
  try {
    // The next up finishes a restart that has begun; this command may have been told to stop.
    const isHalfDone = intent.restart.length > 0 && names.length > 0;
    const settling = { actor, onStart, configFile: candidate.file, scale: names, reached: reached.formation };
    const agrees = !isHalfDone && (await record(context, project, now, settling));
    // Stack config is written even when recording fails, so that the next up leaves running processes alone.
    if (names.length > 0) candidate.keep();
    return { formation: reached.formation, running: runningIn(await context.formation()), agrees };
  } finally {
    candidate.discard();
  }
}

interface Settling extends Pick<UpdateOptions, "onStart"> {
  readonly actor: string;
  readonly configFile: string;
  readonly scale: string[];
  readonly reached: Formation;
}

/** Runs an update that changes nothing on the hosts and only records the formation reached. */
async function record(
  context: CliContext,
  project: Project,
  now: RecordedFormation,
  { actor, onStart, configFile, scale, reached }: Settling,
): Promise<boolean> {
  const { kind } = await updateFormation(project, context.env, {
    request: { urn: now.urn, before: quantitiesOf(now), scale, mayStop: true, stopFile: "" },
    wanted: reached,
    configFile,
    actor,
    onStart,
    onProgress: () => undefined,
    onWarning: () => undefined,
    message: `formation: settled at ${formatFormation(reached, Object.keys(reached))} by ${actor}`,
  });
  return kind === "done";
}

/** Computes the formation that an incomplete change has reached, and the entries of stack config for it. */
export function reachedBy(
  before: Pick<RecordedFormation, "inputs" | "outputs">,
  now: Pick<RecordedFormation, "outputs">,
  { after, edit, restart }: Intent,
): { readonly formation: Formation; readonly set: Intent["edit"]["set"] } {
  const was = quantitiesOf(before);
  if (restart.length > 0) {
    const old = new Set(instancesOf(before).map((one) => one.container));
    const isBegun = instancesOf(now).some((one) => !old.has(one.container));
    return { formation: was, set: isBegun ? edit.set : {} };
  }
  const formation = Object.fromEntries(
    Object.entries(was).map(([type, from]) => [type, between(from, after[type] ?? from, slotsOf(now, type))]),
  );
  const changed = Object.entries(formation).filter(([type, quantity]) => quantity !== was[type]);
  return { formation, set: Object.fromEntries(changed) };
}

/** Limits the observed quantity to the range of the change: surplus processes do not count. */
function between(from: number, to: number, seen: number): number {
  return Math.min(Math.max(seen, Math.min(from, to)), Math.max(from, to));
}

function slotsOf(formation: Pick<RecordedFormation, "outputs">, type: string): number {
  const own = instancesOf(formation).filter((one) => one.type === type);
  return new Set(own.map((one) => one.index)).size;
}

export function runningIn({ outputs }: Pick<RecordedFormation, "outputs">): Formation {
  return (outputs["running"] ?? {}) as Formation;
}
