import { setTimeout as delay } from "node:timers/promises";
import { hasCode } from "../../../core/values/errors";
import { exitCodeIn, type Exit } from "../../../engine/exit";

/** Errors of an engine that still writes into the folder of a container it removes; a later try succeeds. */
const STILL_BUSY = /directory not empty|device or resource busy/;
const REMOVALS = 5;
const REMOVAL_PAUSE_MS = 500;

/** Calls to the engine that a removal consists of. */
interface Calls {
  readonly remove: (path: string) => Promise<void>;
  readonly wait: (path: string) => Promise<Exit>;
}

/** See `Host.remove`. */
export async function removeContainer(container: string, calls: Calls): Promise<void> {
  for (let tries = 1; ; tries++) {
    try {
      return await removeOnce(container, calls);
    } catch (error) {
      if (tries === REMOVALS || !STILL_BUSY.test((error as Error).message)) throw error;
    }
    await delay(REMOVAL_PAUSE_MS);
  }
}

async function removeOnce(container: string, { remove, wait }: Calls): Promise<void> {
  try {
    await remove(`/containers/${container}?v=true`).catch(async (error: unknown) => {
      if (!(error as Error).message.includes("already in progress")) throw error;
      exitCodeIn(await wait(`/containers/${container}/wait?condition=removed`));
    });
  } catch (error) {
    if (!hasCode(error, "NotFound")) throw error;
  }
}
