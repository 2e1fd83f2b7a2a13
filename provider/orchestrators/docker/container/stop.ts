import { setTimeout as delay } from "node:timers/promises";
import { FormationError, hasCode } from "../../../core/values/errors";
import type { Seconds } from "../../../core/values/units";
import type { AgreedEngine } from "../../../engine/api-version";
import { inspect, isPaused } from "./container";
import type { Named } from "../../../engine/errors";
import { statusOf } from "../../../engine/refusal";

/** Duration after which a stop gives up its place among the calls in flight. */
const QUICK_STOP_MS = 1_000;
/** Time after SIGKILL after which a stop counts as unconfirmed, if the process is still there. */
const KILL_GRACE: Seconds = 10;

const LOOK_AGAIN_MS = 400;
const QUIET_LOOKS = 3;
const MOST_LOOKS = 20;

type Queue = <T>(task: () => Promise<T>) => Promise<T>;

/** See `Host.stop`. */
export async function stopContainer(
  engine: AgreedEngine,
  queue: Queue,
  container: string,
  timeout: Seconds,
): Promise<void> {
  try {
    await stopForGood(engine, queue, container, timeout);
  } catch (error) {
    // Podman refuses to stop a paused container.
    if (!hasCode(error, "EngineRefused") || !(await isPaused(engine, container))) throw error;
    await engine.act("POST", `/containers/${container}/unpause`);
    await stopForGood(engine, queue, container, timeout);
  }
}

async function stopForGood(engine: AgreedEngine, queue: Queue, container: string, timeout: Seconds): Promise<void> {
  const wasDown = await stopOnce(engine, queue, container, timeout);
  if ((await engine.isPodman()) && (wasDown || (await wasRestarted(engine, queue, container))))
    await keepStopped(engine, queue, container, timeout);
}

async function wasRestarted(engine: AgreedEngine, queue: Queue, container: string): Promise<boolean> {
  const inspected = await queue(() => inspect(engine, container)).catch(absent);
  return (inspected?.RestartCount ?? 0) > 0;
}

function absent(error: unknown): undefined {
  if (!hasCode(error, "NotFound")) throw error;
  return undefined;
}

/** Stops a container until it stays stopped: Podman may restart a process that ended by itself before its stop. */
async function keepStopped(engine: AgreedEngine, queue: Queue, container: string, timeout: Seconds): Promise<void> {
  for (let [looks, quiet] = [0, 0]; quiet < QUIET_LOOKS; looks++) {
    if (looks === MOST_LOOKS) throw unconfirmed(container, engine.host, timeout);
    await delay(LOOK_AGAIN_MS);
    const inspected = await queue(() => inspect(engine, container)).catch(absent);
    if (inspected === undefined) return;
    const isUp = inspected.State.Running;
    quiet = isUp ? 0 : quiet + 1;
    if (isUp) await stopOnce(engine, queue, container, timeout);
  }
}

/** @returns true when it was stopped already */
async function stopOnce(engine: AgreedEngine, queue: Queue, container: string, timeout: Seconds): Promise<boolean> {
  const abort = new AbortController();
  let deadline: NodeJS.Timeout | undefined;
  const path = `/containers/${container}/stop?t=${Math.ceil(timeout)}`;
  try {
    const { gone } = await queue(async () => {
      // Time that the call waited in the queue does not count, as it says nothing about the process.
      deadline = setTimeout(() => abort.abort(), (timeout + KILL_GRACE) * 1000);
      const gone = engine.act("POST", path, { signal: abort.signal });
      gone.catch(() => undefined);
      await Promise.race([gone, delay(QUICK_STOP_MS, undefined, { ref: false })]);
      return { gone };
    });
    await gone;
    return false;
  } catch (error) {
    if (abort.signal.aborted) throw unconfirmed(container, engine.host, timeout);
    const status = statusOf(error);
    if (status !== 304 && status !== 404) throw error;
    return status === 304;
  } finally {
    clearTimeout(deadline);
  }
}

function unconfirmed(container: string, { name }: Named, timeout: Seconds): FormationError {
  const what = `${container.slice(0, 12)} on ${name} is not confirmed gone ${timeout + KILL_GRACE} s after SIGTERM`;
  return new FormationError("StopUnconfirmed", what, { hint: "look at it on the host, then run up again" });
}
