import { FormationError, hasCode } from "../core/errors";
import { LABEL } from "../core/labels";
import type { AgreedEngine } from "./api-version";
import { inspect } from "./container";

/**
 * Changes what the engine does when the process ends, or it is itself started again.
 *
 * @returns false when the engine cannot, as Podman below 5.1
 */
export async function setRestartPolicy(
  engine: AgreedEngine,
  container: string,
  name: "always" | "no",
): Promise<boolean> {
  try {
    await engine.act("POST", `/containers/${container}/update`, { body: { RestartPolicy: { Name: name } } });
    return true;
  } catch (error) {
    if (!hasCode(error, "NotFound")) throw error;
    // A call that an engine does not have, and a container that it does not have, are refused alike.
    await inspect(engine, container);
    return false;
  }
}

/** Tells that a container must never come back beside its successor. */
export async function isSingleton(engine: AgreedEngine, container: string): Promise<boolean> {
  return (await inspect(engine, container)).Config.Labels[LABEL.singleton] === "true";
}

/** The way back of a singleton that had to be removed. */
export function wasEnded(container: string, host: string): FormationError {
  const what = `${container.slice(0, 12)} on ${host} is gone: its engine cannot keep what is stopped from coming back, so the singleton was removed`;
  return new FormationError("EngineRefused", what, { hint: "run up again; Podman 5.1 or later keeps it" });
}
