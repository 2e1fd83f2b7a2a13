import { setTimeout as delay } from "node:timers/promises";
import { findActor } from "../../provider/lifecycle/actor";
import { FormationError } from "../../provider/core/values/errors";
import { formatFormation } from "../../provider/core/values/formation";
import type { Request } from "../../provider/core/inputs/operator-request";
import { isAlready, isRecorded } from "./already";
import { writeConfigDraft } from "./config-draft";
import type { CliContext } from "../context";
import { quantitiesOf, type RecordedFormation } from "../state/formations";
import type { Intent } from "./intent";
import { refuseInterrupted, watchInterruption, type Interruption } from "./interrupt";
import { acquire, describe, refuseDead } from "./lock";
import type { Project } from "../project/project";
import { requestOf } from "./preview";
import { recordOutcome, type RecordedOutcome } from "./record-outcome";
import { Runtime } from "../runtime/start";
import { updateFormation, type Outcome } from "../update/update";

export interface Operation {
  /** `scale web=3` */
  readonly command: string;
  /** @throws when the change cannot be made to this formation */
  readonly resolve: (formation: RecordedFormation) => Intent;
  /** Asks when running processes would be stopped. @returns true when they may be */
  readonly allow: (formation: RecordedFormation, intent: Intent) => Promise<boolean>;
  /** Asks when only the provider has found that running processes would be stopped. */
  readonly allowStops: (plan: string, stops: string) => Promise<void>;
  /** Time to wait for somebody else's change, in milliseconds. */
  readonly waitMs: number;
  readonly onProgress: (text: string) => void;
}

/** Result of an operation that may have changed something; `outcome` is of `kind` done or failed. */
export interface Result {
  readonly intent: Intent;
  readonly before: RecordedFormation;
  readonly outcome: Extract<Outcome, { kind: "done" | "failed" }>;
  /** The recorded outcome of a change that was not done in full. */
  readonly settled?: RecordedOutcome;
  readonly interrupted: boolean;
}

const LOCK_LOOK_MS = 250;
const RETRY_MS = 3_000;

/**
 * Changes a formation under two locks: ours on the stack's configuration file, and Pulumi's on the state. A second
 * command is told who holds the lock, waits, and makes its change on top of the first one's.
 */
export async function operate(context: CliContext, project: Project, operation: Operation): Promise<Result> {
  const actor = await findActor(context.env);
  const deadline = Date.now() + operation.waitMs;
  let mayStop = false;
  for (let told = ""; ;) {
    const formation = await context.formation();
    const intent = operation.resolve(formation);
    mayStop ||= await operation.allow(formation, intent);
    const attempt = await underLock(context, project, operation, { actor, formation, intent, mayStop, deadline });
    switch (attempt.kind) {
      case "result":
        return attempt.result;
      case "unconfirmed":
        await operation.allowStops(attempt.plan, attempt.stops);
        mayStop = true;
        break;
      case "overtaken":
        context.note("the formation was changed meanwhile: doing it on top of that");
        // Consent was given to another plan.
        mayStop = false;
        break;
      case "locked":
        if (Date.now() > deadline) {
          throw new FormationError("Locked", `the stack is being updated: ${attempt.by}`, {
            hint: "run the command again later; if that process is gone, formation unlock clears its lock",
          });
        }
        if (told !== attempt.by) context.note(`waiting: the stack is being updated: ${attempt.by}`);
        told = attempt.by;
        await delay(RETRY_MS);
    }
  }
}

interface Attempt {
  readonly actor: string;
  readonly formation: RecordedFormation;
  readonly intent: Intent;
  readonly mayStop: boolean;
  readonly deadline: number;
}

type Attempted = { readonly kind: "result"; readonly result: Result } | Exclude<Outcome, { kind: "done" | "failed" }>;

async function underLock(
  context: CliContext,
  project: Project,
  operation: Operation,
  attempt: Attempt,
): Promise<Attempted> {
  const interruption = watchInterruption(context.note);
  try {
    const release = await waitForLock(context, project, operation, attempt, interruption);
    try {
      return await run(context, project, operation, attempt, interruption);
    } finally {
      release();
    }
  } finally {
    interruption.end();
  }
}

async function waitForLock(
  context: CliContext,
  project: Project,
  { command }: Operation,
  { actor, formation, intent, deadline }: Attempt,
  interruption: Interruption,
): Promise<() => void> {
  for (let told = ""; ;) {
    const taken = acquire(project, { actor, command, urn: formation.urn, edit: intent.edit }, new Date());
    if ("release" in taken) return taken.release;
    const { holder } = taken;
    refuseDead(holder);
    if (Date.now() > deadline)
      throw new FormationError("Locked", describe(holder), {
        hint: "run the command again when that has ended; if that machine is gone for good: formation unlock --force",
      });
    if (told !== holder.id) context.note(`waiting: ${describe(holder)}`);
    told = holder.id;
    await delay(LOCK_LOOK_MS);
    refuseInterrupted(interruption);
  }
}

interface Begun {
  /** The formation as it is recorded by now. */
  readonly now: RecordedFormation;
  /** True when everything is as it is asked for. */
  readonly isSo: boolean;
  readonly runtime: Runtime | undefined;
}

async function run(
  context: CliContext,
  project: Project,
  operation: Operation,
  attempt: Attempt,
  interruption: Interruption,
): Promise<Attempted> {
  const { formation, intent } = attempt;
  const before = quantitiesOf(formation);
  // The state may have changed while we waited for the lock. It is read again only from files: elsewhere that takes as
  // long as an update, and the provider checks it anyway.
  const now = project.backend.kind === "files" ? await context.formation() : formation;
  if (formatFormation(quantitiesOf(now)) !== formatFormation(before)) return { kind: "overtaken" };
  // Loads while the update is prepared; where the state is as it is asked for, it might do so in vain.
  const runtime = isRecorded(now, intent) ? undefined : new Runtime(context.env);
  try {
    const isSo = await isAlready(context, project, now, intent);
    refuseInterrupted(interruption);
    return await update(context, project, operation, { ...attempt, now, isSo, runtime }, interruption);
  } finally {
    runtime?.discard();
  }
}

async function update(
  context: CliContext,
  project: Project,
  operation: Operation,
  { actor, formation, intent, mayStop, now, isSo, runtime }: Attempt & Begun,
  interruption: Interruption,
): Promise<Attempted> {
  const before = quantitiesOf(formation);
  const candidate = writeConfigDraft(project, intent.edit);
  try {
    if (isSo) {
      candidate.keep();
      const outputs = { ...now.outputs, running: intent.after };
      const outcome = { kind: "done", outputs, troubles: [] } as const;
      return { kind: "result", result: { intent, before: now, outcome, interrupted: false } };
    }
    const { stopFile } = interruption;
    const request: Request = { ...requestOf(formation, intent, mayStop), before, stopFile };
    const outcome = await updateFormation(project, context.env, {
      request,
      wanted: intent.after,
      ...(runtime === undefined ? {} : { runtime }),
      configFile: candidate.file,
      actor,
      onStart: interruption.working,
      onProgress: operation.onProgress,
      onWarning: context.note,
      message: `formation ${operation.command}: ${formatFormation(intent.after, Object.keys(intent.after))} by ${actor}`,
    });
    if (outcome.kind === "done") candidate.keep();
    if (outcome.kind !== "done" && outcome.kind !== "failed") return outcome;
    const interrupted = interruption.isRequested();
    const result = { intent, before: now, outcome, interrupted };
    if (outcome.kind === "done" || !outcome.touched) return { kind: "result", result };
    const settled = await recordOutcome(context, project, now, intent, { actor, onStart: interruption.working });
    return { kind: "result", result: { ...result, settled } };
  } finally {
    candidate.discard();
  }
}
