import { setTimeout as delay } from "node:timers/promises";
import type { DesiredInstance } from "../../../core/model/desired";
import { hasCode, vanished } from "../../../core/values/errors";
import { createOrAdopt } from "./adopt";
import type { AgreedEngine } from "../../../engine/api-version";
import { connect } from "./networks";
import { isAlreadySo } from "../../../engine/refusal";

interface BroughtUp {
  readonly id: string;
  /** True when it was started for the first time just now. */
  readonly isNew: boolean;
  readonly port: number | undefined;
  readonly warnings: readonly string[];
}

/** Creates and starts a container on the first of its ports that is free, or adopts one that is there already. */
export async function bringUp(engine: AgreedEngine, want: DesiredInstance): Promise<BroughtUp> {
  const [port, ...more] = want.publish?.hostPorts ?? [];
  try {
    return await createAndStart(engine, want, port);
  } catch (error) {
    if (want.publish === undefined || more.length === 0 || !hasCode(error, "PortTaken")) throw error;
    return bringUp(engine, { ...want, publish: { ...want.publish, hostPorts: more } });
  }
}

async function createAndStart(
  engine: AgreedEngine,
  want: DesiredInstance,
  port: number | undefined,
): Promise<BroughtUp> {
  const { id, isAdopted, warnings } = await createOrAdopt(engine, want, port);
  try {
    await connect(engine, id, want);
    await engine.act("POST", `/containers/${id}/start`);
  } catch (error) {
    if (isAlreadySo(error)) return { id, isNew: false, port, warnings };
    // A container that failed to start would keep its name taken.
    const isGone = await engine.act("DELETE", `/containers/${id}?force=true&v=true`).then(
      () => false,
      (failure: unknown) => hasCode(failure, "NotFound"),
    );
    if (isGone) throw vanished(error);
    if (!isAdopted || !hasCode(error, "TaskLost")) throw error;
    // An engine that lost its process and is back again has told that process to stop.
    if (want.singleton) await delay(want.settings.stopTimeout * 1000);
    return createAndStart(engine, want, port);
  }
  return { id, isNew: !isAdopted, port, warnings };
}
