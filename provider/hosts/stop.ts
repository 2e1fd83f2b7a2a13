import { setTimeout as delay } from "node:timers/promises";
import { FormationError, hasCode } from "../core/errors";
import type { Seconds } from "../core/units";
import type { AgreedEngine } from "./api-version";
import { isPaused } from "./container";
import { statusOf, type Named } from "./engine-errors";

/** A process that takes longer than this to stop does not keep its place among the calls in flight. */
const QUICK_STOP_MS = 1_000;
/** How long after SIGKILL a process may take to be gone before the stop counts as unconfirmed. */
const KILL_GRACE: Seconds = 10;

type Queue = <T>(task: () => Promise<T>) => Promise<T>;

/** See `Host.stop`. */
export async function stopContainer(
  engine: AgreedEngine,
  queue: Queue,
  container: string,
  timeout: Seconds,
): Promise<void> {
  try {
    await stopOnce(engine, queue, container, timeout);
  } catch (error) {
    // Podman stops nothing that is paused.
    if (!hasCode(error, "EngineRefused") || !(await isPaused(engine, container))) throw error;
    await engine.act("POST", `/containers/${container}/unpause`);
    await stopOnce(engine, queue, container, timeout);
  }
}

async function stopOnce(engine: AgreedEngine, queue: Queue, container: string, timeout: Seconds): Promise<void> {
  const abort = new AbortController();
  let deadline: NodeJS.Timeout | undefined;
  const path = `/containers/${container}/stop?t=${Math.ceil(timeout)}`;
  try {
    const { gone } = await queue(async () => {
      // From here: how long it stood in line says nothing of the process.
      deadline = setTimeout(() => abort.abort(), (timeout + KILL_GRACE) * 1000);
      const gone = engine.act("POST", path, { signal: abort.signal });
      gone.catch(() => undefined);
      await Promise.race([gone, delay(QUICK_STOP_MS, undefined, { ref: false })]);
      return { gone };
    });
    await gone;
  } catch (error) {
    if (abort.signal.aborted) throw unconfirmed(container, engine.host, timeout);
    const status = statusOf((error as Error).cause);
    if (status !== 304 && status !== 404) throw error;
  } finally {
    clearTimeout(deadline);
  }
}

function unconfirmed(container: string, { name }: Named, timeout: Seconds): FormationError {
  const what = `${container.slice(0, 12)} on ${name} is not confirmed gone ${timeout + KILL_GRACE} s after SIGTERM`;
  return new FormationError("StopUnconfirmed", what, { hint: "look at it on the host, then run up again" });
}
