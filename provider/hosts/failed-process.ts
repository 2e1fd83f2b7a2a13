import type Docker from "dockerode";
import type { ContainerInspectInfo } from "dockerode";
import { FormationError } from "../core/errors";
import { lastLines } from "./log-tail";

const LAST_LINES = 20;

/** A process that runs, but is not what was waited for. */
export function notReady(docker: Docker, container: string, what: string): Promise<FormationError> {
  return failure("NotReady", what, docker, container);
}

/** A process that is not running any more, or that the engine has started again since. */
export async function exited(docker: Docker, container: string): Promise<FormationError> {
  const seen = await docker.getContainer(container).inspect();
  const { State: state, RestartCount: restarts } = seen;
  const code = state.Status === "running" ? await formerExitCode(docker, seen) : String(state.ExitCode);
  const what = [
    code === undefined ? "exited" : `exited with code ${code}`,
    ...(state.OOMKilled ? ["out of memory"] : []),
    ...(restarts > 0 ? ["and was started again"] : []),
  ];
  return failure("ProcessExited", what.join(", "), docker, container);
}

/** The engine forgets an exit code once it has started the process again; its events still tell it. */
async function formerExitCode(docker: Docker, { Id, Created, State }: ContainerInspectInfo) {
  const [since, until] = [Created, State.StartedAt].map((time) => Date.parse(time) / 1000);
  const filters = JSON.stringify({ container: [Id], event: ["die"] });
  const events = (await docker.getEvents({ since: since ?? 0, until: until ?? 0, filters })) as AsyncIterable<Buffer>;
  let text = "";
  for await (const chunk of events) text += chunk.toString("utf8");
  const last = text.trim().split("\n").at(-1) ?? "";
  if (last === "") return undefined;
  // What an engine has to say of a failure of its own stands in the stream as well.
  return (JSON.parse(last) as { Actor?: { Attributes?: { exitCode?: string } } }).Actor?.Attributes?.exitCode;
}

async function failure(
  code: "ProcessExited" | "NotReady",
  what: string,
  docker: Docker,
  container: string,
): Promise<FormationError> {
  const lines = await lastLines(docker.getContainer(container), LAST_LINES).catch(() => "");
  return new FormationError(code, `${what}${lines === "" ? ", without output" : `; its last lines:\n${lines}`}`);
}
