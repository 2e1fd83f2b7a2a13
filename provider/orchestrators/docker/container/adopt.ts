import { setTimeout as delay } from "node:timers/promises";
import type { DesiredInstance } from "../../../core/model/desired";
import { hasCode } from "../../../core/values/errors";
import { holderOf, type Holder } from "../../../core/model/labels";
import type { Seconds } from "../../../core/values/units";
import type { AgreedEngine } from "../../../engine/api-version";
import { createContainer, createOptions, inspect } from "./container";
import { stopContainer } from "./stop";

const ATTEMPTS = 20;
const PAUSE_MS = 100;

interface Created {
  readonly id: string;
  readonly isAdopted: boolean;
  readonly warnings: readonly string[];
}

/** Creates a container, or adopts the one that has its name when an earlier create made it but its answer was lost. */
export async function createOrAdopt(
  engine: AgreedEngine,
  want: DesiredInstance,
  port: number | undefined,
): Promise<Created> {
  for (let attempt = 1; ; attempt++) {
    try {
      return { ...(await createContainer(engine, createOptions(want, port))), isAdopted: false };
    } catch (error) {
      if (!hasCode(error, "NameTaken")) throw error;
      const holder = await named(engine, want);
      if (holder?.kind === "wanted") return { id: holder.id, isAdopted: true, warnings: [] };
      if (holder?.kind === "stranger" || attempt === ATTEMPTS) throw error;
      // A name is taken shortly before its container can be inspected, and stays taken shortly after it is gone.
      if (holder === undefined) await delay(PAUSE_MS);
      else await end(engine, holder.id, want.settings.stopTimeout);
    }
  }
}

async function end(engine: AgreedEngine, container: string, timeout: Seconds): Promise<void> {
  await stopContainer(engine, (task) => task(), container, timeout);
  try {
    await engine.act("DELETE", `/containers/${container}?v=true`);
  } catch (error) {
    if (!hasCode(error, "NotFound")) throw error;
  }
}

/** Finds the container that has the name of a wanted one, and tells whose it is. */
export async function named(
  engine: AgreedEngine,
  want: DesiredInstance,
): Promise<{ readonly id: string; readonly kind: Holder } | undefined> {
  try {
    const { Config, Id } = await inspect(engine, want.name);
    return { id: Id, kind: holderOf(Config.Labels, Config.Env ?? [], want) };
  } catch (error) {
    if (hasCode(error, "NotFound")) return undefined;
    throw error;
  }
}
