import { setTimeout as delay } from "node:timers/promises";

/** Tries an expectation again and again until it holds. */
export async function eventually(expectation: () => Promise<void>, timeoutMs = 60_000): Promise<void> {
  for (const deadline = Date.now() + timeoutMs; ;) {
    try {
      return await expectation();
    } catch (error) {
      if (Date.now() > deadline) throw error;
    }
    await delay(200);
  }
}
