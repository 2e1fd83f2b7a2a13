import { basename } from "node:path";
import type { Formation } from "../provider/core/formation";
import type { Result } from "./operation";
import { runningIn } from "./settle";

/** What a command has to say in the end: results, and what else people should know. */
export interface Answer {
  readonly lines: readonly string[];
  readonly notes: readonly string[];
}

/** `Scaling web processes... done, now running 2`, a line for each type that was named. */
export function scaleAnswer({ intent, before, outcome, settled }: Result, configFile: string): Answer {
  const types = intent.scale;
  const line = (type: string, how: string, running: Formation) =>
    `Scaling ${type} processes... ${how}, now running ${running[type] ?? 0}`;
  if (outcome.kind === "done") {
    return { lines: types.map((type) => line(type, "done", runningIn(outcome))), notes: outcome.troubles };
  }
  const running = settled?.running ?? runningIn(before);
  const isDone = (type: string) => settled?.formation[type] === intent.after[type];
  const again = types.filter((type) => !isDone(type)).map((type) => `${type}=${intent.after[type]}`);
  return {
    lines: types.map((type) => line(type, isDone(type) ? "done" : "failed", running)),
    notes: [...outcome.reasons, ...howToGoOn(settled, again.join(" "), basename(configFile))],
  };
}

function howToGoOn(settled: Result["settled"], again: string, configFile: string): string[] {
  if (settled === undefined) return ["nothing was changed"];
  const quantities = Object.entries(settled.formation).map(([type, quantity]) => `${type}=${quantity}`);
  const where = settled.agrees
    ? `${configFile} and the state say`
    : `the state could not be updated; ${configFile} says`;
  return [`${where} ${quantities.join(", ")}, as it runs now; to try again: formation scale ${again}`];
}
