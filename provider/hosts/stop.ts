import { setTimeout as delay } from "node:timers/promises";
import { FormationError, hasCode } from "../core/errors";
import type { Seconds } from "../core/units";
import type { AgreedEngine } from "./api-version";
import { inspect, isPaused } from "./container";
import type { Named } from "./engine-errors";
import { statusOf } from "./refusal";

/** A process that takes longer than this to stop does not keep its place among the calls in flight. */
const QUICK_STOP_MS = 1_000;
/** How long after SIGKILL a process may take to be gone before the stop counts as unconfirmed. */
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
    const wasDown = await stopOnce(engine, queue, container, timeout);
    if ((await engine.isPodman()) && (wasDown || (await wasRestarted(engine, queue, container))))
      await keepStopped(engine, queue, container, timeout);
  } catch (error) {
    // Podman stops nothing that is paused.
    if (!hasCode(error, "EngineRefused") || !(await isPaused(engine, container))) throw error;
    await engine.act("POST", `/containers/${container}/unpause`);
    await stopOnce(engine, queue, container, timeout);
  }
}

async function wasRestarted(engine: AgreedEngine, queue: Queue, container: string): Promise<boolean> {
  const inspected = await queue(() => inspect(engine, container)).catch(absent);
  return (inspected?.RestartCount ?? 0) > 0;
}

function absent(error: unknown): undefined {
  if (!hasCode(error, "NotFound")) throw error;
  return undefined;
}

/** Podman goes on to start again what ended by itself, although it was told to stop it in between. */
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

/** @returns whether it was stopped already */
async function stopOnce(engine: AgreedEngine, queue: Queue, container: string, timeout: Seconds): Promise<boolean> {
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
