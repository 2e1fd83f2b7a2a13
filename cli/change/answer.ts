import { basename } from "node:path";
import { entryOf } from "../../provider/core/values/entry";
import { formatFormation, type Formation } from "../../provider/core/values/formation";
import type { CliContext } from "../context";
import { EXIT } from "../terminal/exit";
import type { Result } from "./operation";
import { runningIn } from "./record-outcome";

/** The final output of a command: its results, and notes for people. */
export interface Answer {
  readonly lines: readonly string[];
  readonly notes: readonly string[];
}

/** Formats a line for each named type: `Scaling web processes... done, now running 2`. */
export function scaleAnswer({ intent, before, outcome, settled }: Result, configFile: string): Answer {
  const types = intent.scale.filter((type) => Object.hasOwn(intent.after, type));
  const line = (type: string, how: string, running: Formation) =>
    `Scaling ${type} processes... ${how}, now running ${entryOf(running, type) ?? 0}`;
  if (outcome.kind === "done")
    return { lines: types.map((type) => line(type, "done", runningIn(outcome))), notes: outcome.troubles };

  const running = settled?.running ?? runningIn(before);
  const isDone = (type: string) => settled?.formation[type] === intent.after[type];
  const lines = types.map((type) => line(type, isDone(type) ? "done" : "failed", running));
  if (settled === undefined) return { lines, notes: [...outcome.reasons, "nothing was changed"] };
  const recorded = formatFormation(settled.formation, Object.keys(settled.formation));
  const where = settled.agrees
    ? `${basename(configFile)} and the state say ${recorded}, which is what there is now`
    : `the state could not be updated; ${basename(configFile)} goes by what there is now, ${recorded}`;
  const again = types.filter((type) => !isDone(type)).map((type) => `${type}=${intent.after[type]}`);
  const howToGoOn = again.length === 0 ? "" : `; to try again: formation scale ${again.join(" ")}`;
  return { lines, notes: [...outcome.reasons, where + howToGoOn] };
}

/** Formats the result of a restart: `Restarting web processes... done`. */
export function restartAnswer({ intent, outcome, settled }: Result, configFile: string): Answer {
  const line = (name: string, how: string) => `Restarting ${name.includes(".") ? name : `${name} processes`}... ${how}`;
  const how = outcome.kind === "done" ? "done" : "failed";
  const lines = intent.restart.map((name) => line(name, how));
  if (outcome.kind === "done") return { lines, notes: outcome.troubles };
  const state =
    settled === undefined || settled.agrees
      ? "the former processes run on"
      : `some were restarted, some were not; ${basename(configFile)} says that all are to be: pulumi up does the rest`;
  return { lines, notes: [...outcome.reasons, state] };
}

export function sayAnswer(context: CliContext, { lines, notes }: Answer, { interrupted, outcome }: Result): void {
  lines.forEach(context.out);
  notes.forEach(context.note);
  if (outcome.kind === "done" && notes.length === 0) return;
  context.exit(interrupted ? EXIT.interrupted : EXIT.failed);
}
