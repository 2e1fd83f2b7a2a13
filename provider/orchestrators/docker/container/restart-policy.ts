import { FormationError, hasCode } from "../../../core/values/errors";
import { LABEL } from "../../../core/model/labels";
import type { AgreedEngine } from "../../../engine/api-version";
import { inspect } from "./container";

/**
 * Sets whether the engine starts a process again when it ends, or after a restart of the engine.
 *
 * @returns false when the engine cannot do that, as Podman below 5.1
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
    // An engine answers a call it does not have like one about an unknown container; the inspect fails for the latter.
    await inspect(engine, container);
    return false;
  }
}

/** True for a container that must never come back beside its successor. */
export async function isSingleton(engine: AgreedEngine, container: string): Promise<boolean> {
  return (await inspect(engine, container)).Config.Labels[LABEL.singleton] === "true";
}

/** Error about a singleton that had to be removed, so that no rollback can start it again. */
export function wasEnded(container: string, host: string): FormationError {
  const what = `${container.slice(0, 12)} on ${host} is gone: its engine cannot keep what is stopped from coming back, so the singleton was removed`;
  return new FormationError("EngineRefused", what, { hint: "run up again; Podman 5.1 or later keeps it" });
}
