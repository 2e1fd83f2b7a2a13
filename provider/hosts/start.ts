import { setTimeout as delay } from "node:timers/promises";

const ATTEMPTS = 6;
const PAUSE_MS = 500;

/** An engine that was killed and is back may for a while still have the task of a process that it no longer knows. */
export async function patiently<T>(start: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await start();
    } catch (error) {
      if (attempt === ATTEMPTS || !/task \S+ already exists/.test((error as Error).message)) throw error;
      await delay(PAUSE_MS);
    }
  }
}
