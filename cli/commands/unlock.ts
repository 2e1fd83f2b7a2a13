import type { Command } from "commander";
import { FormationError } from "../../provider/core/values/errors";
import { scaledIn } from "../../provider/lifecycle/requested";
import { confirm } from "../terminal/confirm";
import { writeConfigDraft } from "../change/config-draft";
import type { CliContext } from "../context";
import { clear, describe, holderOf, lifeOf, lockFile, type Holder } from "../change/lock";
import type { Project } from "../project/project";
import { complaintIn, runPulumi } from "../project/pulumi";
import { readPulumiLocks, type PulumiLock } from "../state/locks";

const EXAMPLES = `
A process that was killed in the middle of a change leaves its locks behind: Pulumi's on the state, and ours on the
stack's configuration. They are cleared only when that process is gone; what it had finished is recorded. --force clears
them even so: those of a machine that is gone for good, say, from where nobody can tell whether its processes still run.

Examples:
  formation unlock
  formation unlock --force`;

interface Options {
  readonly force?: boolean;
  readonly yes?: boolean;
}

export function register(program: Command, context: CliContext): void {
  program
    .command("unlock")
    .description("clear the locks of a process that is gone")
    .option("--force", "clear them although the process may still run")
    .option("-y, --yes", "with --force: ask nothing")
    .addHelpText("after", EXAMPLES)
    .action((options: Options) => unlock(context, options));
}

async function unlock(context: CliContext, { force, yes }: Options): Promise<void> {
  const project = context.project();
  const held = readPulumiLocks(project);
  const own = holderOf(project);
  // All locks are cleared or none: an update goes on after the command that began it was killed.
  const all = [
    ...(held ?? []).map((lock) => ({ ...lock, text: describePulumi(lock) })),
    ...(own === undefined ? [] : [{ ...own, text: `${describe(own)}, in ${lockFile(project)}` }]),
  ];
  if (force === true) await confirmForce(all, yes === true, context);
  else all.forEach(refuseUnlessDead);

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

type Held = Parameters<typeof lifeOf>[0] & { readonly text: string };

/** Asks a person to confirm that no update runs: two at the same time could run a singleton twice. */
async function confirmForce(
  held: readonly Held[],
  isMeant: boolean,
  { isInteractive, note }: CliContext,
): Promise<void> {
  const doubtful = held.filter((holder) => lifeOf(holder) !== "dead").map(({ text }) => text);
  if (doubtful.length === 0 || isMeant) return;
  doubtful.forEach(note);
  const what = "whoever holds these locks may still be at work";
  if (!isInteractive) throw new FormationError("Unconfirmed", what, { hint: "say --yes if that is gone for good" });
  if (!(await confirm(`W${what.slice(1)}. Clear them?`)))
    throw new FormationError("Unconfirmed", "nothing was cleared");
}

function refuseUnlessDead(holder: Held): void {
  const life = lifeOf(holder);
  if (life === "dead") return;
  const hint =
    life === "alive"
      ? "wait for it; if it hangs, end that process, then run formation unlock again; --force clears the lock of a process that is another by now"
      : `run formation unlock on ${holder.host}, where it can be told whether that process still runs; if that machine is gone for good: formation unlock --force`;
  throw new FormationError("Locked", holder.text, { hint });
}

async function cancel(project: Project, { env }: CliContext): Promise<void> {
  const { code, stderr } = await runPulumi(project, ["cancel", "--yes"], env);
  if (code !== 0) throw new FormationError("Locked", `pulumi cancel failed: ${complaintIn(stderr)}`);
}

/** Records the numbers of an update that outlived its command: the stack's configuration still lacks them. */
async function finishFor(project: Project, holder: Holder, { formations }: CliContext): Promise<string> {
  const { edit, urn } = holder;
  const formation = (await formations()).find((formation) => formation.urn === urn);
  const recorded = formation?.inputs[edit.key === "formation:scale" ? "formation" : "restartedAt"];
  const values = (recorded ?? {}) as Readonly<Record<string, unknown>>;
  const scaled = scaledIn(formation?.inputs ?? {});
  const isDone =
    Object.entries(edit.set).every(([name, value]) => values[name] === value) &&
    (edit.unset ?? []).every((name) => !Object.hasOwn(scaled, name));
  const candidate = writeConfigDraft(project, edit);
  if (isDone) candidate.keep();
  else candidate.discard();
  clear(project, holder);
  return isDone ? "its update had succeeded and is now in the stack's configuration" : "its update was not finished";
}
