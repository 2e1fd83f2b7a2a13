import type { HealthTest } from "./process-type";
import type { Seconds } from "./units";

/** Engines count in billionths of a second. */
export function nanoseconds(seconds: Seconds): number {
  return Math.round(seconds * 1e9);
}

/** A health check in the engine's words, those of containers and of services alike. */
export function healthCheck({ test, interval, timeout, retries, startPeriod }: HealthTest) {
  return {
    ...{ Test: [...test], Retries: retries, Interval: nanoseconds(interval) },
    ...{ Timeout: nanoseconds(timeout), StartPeriod: nanoseconds(startPeriod) },
  };
}
