import type { Command } from "commander";
import { FormationError } from "../../provider/core/errors";
import { scaledIn } from "../../provider/requested";
import { writeCandidate } from "../candidate";
import type { CliContext } from "../context";
import { readFormations } from "../formations";
import { clear, describe, holderOf, lifeOf, type Holder } from "../lock";
import type { Project } from "../project";
import { complaintIn, runPulumi } from "../pulumi";
import { readPulumiLocks, type PulumiLock } from "../pulumi-locks";

const EXAMPLES = `
A process that was killed in the middle of a change leaves its locks behind: Pulumi's on the state, and ours on the
stack's configuration. They are cleared only when that process is gone; what it had finished is recorded.

Examples:
  formation unlock`;

export function register(program: Command, context: CliContext): void {
  program
    .command("unlock")
    .description("clear the locks of a process that is gone")
    .addHelpText("after", EXAMPLES)
    .action(() => unlock(context));
}

async function unlock(context: CliContext): Promise<void> {
  const project = context.project();
  const held = readPulumiLocks(project);
  const own = holderOf(project);
  // Nothing is cleared unless everything can be: an update goes on after the command that began it was killed.
  for (const lock of held ?? []) refuseUnlessDead(lock, describePulumi(lock));
  if (own !== undefined) refuseUnlessDead(own, describe(own));

  for (const lock of held ?? []) context.out(`cleared Pulumi's lock: ${describePulumi(lock)}`);
  if (held !== undefined && held.length > 0) await cancel(project, context);
  if (own !== undefined) {
    const finished = await finishFor(project, own, context);
    context.out(`cleared the lock: ${describe(own)}; ${finished}`);
  }
  if (held === undefined) {
    context.note("the locks of this backend are not files: if an update hangs there, pulumi cancel ends it");
  } else if (held.length === 0 && own === undefined) context.out("nothing is locked");
}

function describePulumi({ user, host, pid, since }: PulumiLock): string {
  return `${user}@${host} updates the stack since ${since} (pid ${pid})`;
}

function refuseUnlessDead(holder: { readonly pid: number; readonly host: string }, text: string): void {
  const life = lifeOf(holder);
  if (life === "dead") return;
  const hint =
    life === "alive"
      ? "wait for it; if it hangs, end that process, then run formation unlock again"
      : `run formation unlock on ${holder.host}, where it can be told whether that process still runs`;
  throw new FormationError("Locked", text, { hint });
}

async function cancel(project: Project, { env }: CliContext): Promise<void> {
  const { code, stderr } = await runPulumi(project, ["cancel", "--yes"], env);
  if (code !== 0) throw new FormationError("Locked", `pulumi cancel failed: ${complaintIn(stderr)}`);
}

/** The update may have ended after the command that began it: then the stack's configuration still lacks its numbers. */
async function finishFor(project: Project, holder: Holder, { env }: CliContext): Promise<string> {
  const { edit, urn } = holder;
  const formation = (await readFormations(project, env)).find((one) => one.urn === urn);
  const recorded = formation?.inputs[edit.key === "formation:scale" ? "formation" : "restartedAt"];
  const values = (recorded ?? {}) as Readonly<Record<string, unknown>>;
  const scaled = scaledIn(formation?.inputs ?? {});
  const isDone =
    Object.entries(edit.set).every(([name, value]) => values[name] === value) &&
    (edit.unset ?? []).every((name) => !Object.hasOwn(scaled, name));
  const candidate = writeCandidate(project, edit);
  if (isDone) candidate.keep();
  else candidate.discard();
  clear(project, holder);
  return isDone ? "its update had succeeded and is now in the stack's configuration" : "its update was not finished";
}
