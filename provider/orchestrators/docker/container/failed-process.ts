import type { ContainerInspectInfo } from "../../../engine/containers";
import { LABEL } from "../../../core/model/labels";
import { FormationError } from "../../../core/values/errors";
import { inspect } from "./container";
import { ACT_TIMEOUT_MS, query, type Asked } from "../../../engine/client";
import { lastLines } from "../../../engine/log-lines";
import { startHint } from "../../../engine/start-hint";

const LAST_LINES = 20;
/** Characters that are shown of a health check's output. */
const MOST_OF_CHECK = 500;

/** The error of a process that runs but did not become ready. */
export function notReady(engine: Asked, container: string, what: string): Promise<FormationError> {
  return failure("NotReady", what, engine, container);
}

/** The last words of a health check that has failed; empty where an engine keeps none. */
export function checkWords({ State }: Pick<ContainerInspectInfo, "State">): string {
  const last = (State.Health?.Log ?? []).filter(({ ExitCode }) => ExitCode !== 0).at(-1);
  if (last === undefined) return "";
  const said = (last.Output ?? "").trim().slice(-MOST_OF_CHECK);
  return `, its health check having exited with code ${last.ExitCode}${said === "" ? "" : ` (${said})`}`;
}

/** The error of a process that has ended, or that the engine has restarted since. */
export async function exited(engine: Asked, container: string): Promise<FormationError> {
  const seen = await inspect(engine, container);
  const { State: state, RestartCount: restarts } = seen;
  const code = state.Status === "running" ? await formerExitCode(engine, seen) : String(state.ExitCode);
  const what = [
    code === undefined ? "exited" : `exited with code ${code}`,
    ...(state.OOMKilled ? ["out of memory"] : []),
    ...(restarts > 0 ? ["and was started again"] : []),
  ];
  const type = seen.Config.Labels[LABEL.type] ?? "";
  // Exit codes of a shell and of an init for a program that is not there, or may not run.
  const isUnbegun = code === "126" || code === "127" || code === "255";
  return failure("ProcessExited", what.join(", "), engine, container, (lines) =>
    isUnbegun ? startHint(lines, `processes.${type}.command`) : undefined,
  );
}

/** The engine forgets an exit code once it has started the process again; its events still tell it. */
async function formerExitCode(engine: Asked, { Id, Created, State }: ContainerInspectInfo) {
  const [since, until] = [Created, State.StartedAt].map((time) => Date.parse(time) / 1000);
  const path = `/events${query({ since, until, filters: { container: [Id], event: ["die"] } })}`;
  let text = "";
  for await (const chunk of engine.stream(path, AbortSignal.timeout(ACT_TIMEOUT_MS))) text += chunk.toString("utf8");
  return exitCodeOf(text.trim().split("\n").at(-1) ?? "");
}

/** An engine reports failures of its own among the events as well, without a code. */
function exitCodeOf(event: string): string | undefined {
  try {
    return (JSON.parse(event) as { Actor?: { Attributes?: { exitCode?: string } } }).Actor?.Attributes?.exitCode;
  } catch {
    return undefined;
  }
}

async function failure(
  code: "ProcessExited" | "NotReady",
  what: string,
  engine: Asked,
  container: string,
  hintOn: (lines: string) => string | undefined = () => undefined,
): Promise<FormationError> {
  const signal = AbortSignal.timeout(ACT_TIMEOUT_MS);
  const lines = await lastLines(engine, `/containers/${container}`, LAST_LINES, signal).catch(() => "");
  const hint = hintOn(lines);
  const text = `${what}${lines === "" ? ", without output" : `; its last lines:\n${lines}`}`;
  return new FormationError(code, text, hint === undefined ? {} : { hint });
}
