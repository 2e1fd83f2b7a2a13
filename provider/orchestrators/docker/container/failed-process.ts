import type { ContainerInspectInfo } from "../../../engine/containers";
import { FormationError } from "../../../core/values/errors";
import { inspect } from "./container";
import { ACT_TIMEOUT_MS, query, type Asked } from "../../../engine/client";
import { lastLines } from "../../../engine/log-lines";

const LAST_LINES = 20;

/** The error of a process that runs but did not become ready. */
export function notReady(engine: Asked, container: string, what: string): Promise<FormationError> {
  return failure("NotReady", what, engine, container);
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
  return failure("ProcessExited", what.join(", "), engine, container);
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
): Promise<FormationError> {
  const signal = AbortSignal.timeout(ACT_TIMEOUT_MS);
  const lines = await lastLines(engine, `/containers/${container}`, LAST_LINES, signal).catch(() => "");
  return new FormationError(code, `${what}${lines === "" ? ", without output" : `; its last lines:\n${lines}`}`);
}
