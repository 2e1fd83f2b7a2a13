import { isLocal, isLoopback, withoutPassword } from "../values/addresses";
import type { HealthTest } from "../inputs/container/container-settings";
import type { ProcessType } from "../inputs/process-type";
import type { Seconds } from "../values/units";

/** Engines count in billionths of a second. */
export function nanoseconds(seconds: Seconds): number {
  return Math.round(seconds * 1e9);
}

/** A health check in the engine's words, the same for containers and services. */
export function healthCheck({ test, interval, timeout, retries, startPeriod }: HealthTest) {
  return {
    Test: [...test],
    Retries: retries,
    Interval: nanoseconds(interval),
    Timeout: nanoseconds(timeout),
    StartPeriod: nanoseconds(startPeriod),
  };
}

/** Keeps an image's own health check from judging. */
export const NO_CHECK: HealthTest = { test: ["NONE"], interval: 0, timeout: 0, retries: 0, startPeriod: 0 };

/** Reason why a check over HTTP cannot be asked of another machine: the loopback address there is not ours. */
export function unaskable({ name, http, bind }: ProcessType, engine: string): string | undefined {
  if (http === undefined || isLocal(engine) || !isLoopback(bind.address)) return undefined;
  return `processes.${name}.health.path cannot be asked on ${withoutPassword(engine)}, where the port is published on ${bind.address} only: give processes.${name}.bind an address that can be reached from here, or use processes.${name}.health.test`;
}
