import type { ContainerInfo, ContainerInspectInfo } from "../../../engine/containers";
import { isLoopback, reachableAddress } from "../../../core/values/addresses";
import type { Readiness } from "../../../core/model/change";
import type { HttpCheck } from "../../../core/inputs/process-type";
import type { Seconds } from "../../../core/values/units";
import type { Asked } from "../../../engine/client";
import { checkWords, exited, notReady } from "./failed-process";
import { httpFailure } from "./http-check";
import { healthIn } from "../../../engine/podman";

const POLL_MS = 250;
/** Values that engines use where a health check names none. */
const DEFAULT_NS = 30e9;
const DEFAULT_RETRIES = 3;
/** Extra time for health checks, because a busy engine runs them late. */
const GRACE: Seconds = 30;
/** Interval at which a process with a slow health check is inspected. */
const PATIENCE_CHECK: Seconds = 5;

type HealthConfig = NonNullable<ContainerInspectInfo["Config"]["Healthcheck"]>;

export interface Waiting {
  /** Engine that tells why a process failed. */
  readonly engine: Asked;
  /** Id of the container, if it was started for the first time just now. */
  readonly made: string | undefined;
  /** Inspects the container. */
  readonly inspect: () => Promise<ContainerInspectInfo>;
  /** Observes a container in a list that is shared with all who wait on the host, and may be a little old. */
  readonly glance: (id: string) => Promise<ContainerInfo | undefined>;
  /** True when that list tells the result of health checks. */
  readonly tellsHealth: () => Promise<boolean>;
  /** True when this program itself runs in a container. */
  readonly isInContainer: () => boolean;
}

/** Waits until a process has run long enough, is healthy, and answers HTTP where that is asked. See `Host.ready`. */
export async function awaitReady(waiting: Waiting, { monitor, http }: Readiness): Promise<void> {
  const began = performance.now();
  const elapsed = () => (performance.now() - began) / 1000;
  // Observed by id, because in a slightly old list the predecessor still has the name.
  const { Id: id, RestartCount: former } =
    waiting.made === undefined ? await waiting.inspect() : { Id: waiting.made, RestartCount: 0 };
  const running = async () => {
    const seen = await waiting.inspect();
    if (seen.State.Status !== "running" || seen.RestartCount > former) throw await exited(waiting.engine, id);
    return seen;
  };
  const fail = async (what: string, words = "") => {
    await running();
    return notReady(waiting.engine, id, `${what} after ${Math.round(elapsed())} s${words}`);
  };
  /** @returns true when the process is healthy or has no health check; false while its check is still starting */
  const passes = async () => {
    const seen = await running();
    const health = healthIn(seen.State.Health?.Status);
    if (health === "unhealthy") throw await fail("is unhealthy", checkWords(seen));
    if (health === "starting" && elapsed() > patience(seen.Config.Healthcheck))
      throw await fail("has a health check that has come to no end", checkWords(seen));
    return health !== "starting";
  };
  const answer = http === undefined ? () => Promise.resolve(true) : answers(waiting, id, http, elapsed, fail);
  const isListTrusted = monitor === 0 && http === undefined && (await waiting.tellsHealth());
  let next = PATIENCE_CHECK;
  for (;;) {
    const seen = await waiting.glance(id);
    // A slightly old list may be of before the start, so an inspect decides; it fails for a container that is gone.
    if (seen?.State !== "running") await running();
    else if (!isProved(seen.Status)) {
      // Inspects are rare here, because many processes that take long must not keep the engine busy.
      if (seen.Status.includes("(unhealthy)") || elapsed() > next) await passes();
      if (elapsed() > next) next = elapsed() + PATIENCE_CHECK;
    } else if ((await answer()) && elapsed() >= monitor) {
      // Restarts, which the list does not tell, count only when there is a time to watch or an HTTP check.
      if (isListTrusted || (await passes())) return;
    }
    const left = (monitor - elapsed()) * 1000;
    await delay(left > 0 ? Math.min(POLL_MS, Math.max(10, left)) : POLL_MS);
  }
}

const delay = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** True for a status such as `Up 3 seconds (healthy)`, and for one without a health check. */
function isProved(status: string): boolean {
  return !/\((unhealthy|health: starting)\)/.test(status);
}

/** Time that an engine may take to call a process healthy or unhealthy. */
function patience({ StartPeriod = 0, Interval = 0, Timeout = 0, Retries = 0 }: HealthConfig = {}): Seconds {
  const round = (Interval || DEFAULT_NS) + (Timeout || DEFAULT_NS);
  return (StartPeriod + ((Retries || DEFAULT_RETRIES) + 1) * round) / 1e9 + GRACE;
}

/** Explains why nothing answers on a loopback address that is asked from a container: it is the container's own. */
function elsewhere({ isInContainer }: Waiting, address: string, failure: string): string {
  if (!isLoopback(address) || failure.startsWith("status ") || !isInContainer()) return "";
  return `, asked on ${address} from inside a container, where that may be another machine's: run this one in the host's network, bind the port to an address that can be reached from here, or use health.test;`;
}

/** Asks a process at most once an interval, and throws when it has failed to answer for too long. */
function answers(
  waiting: Waiting,
  id: string,
  check: HttpCheck,
  elapsed: () => number,
  fail: (what: string) => Promise<Error>,
): () => Promise<boolean> {
  let next = 0;
  let failures = 0;
  let isAnswering = false;
  return async () => {
    if (elapsed() < next) return isAnswering;
    const published = (await waiting.glance(id))?.Ports.find((port) => Boolean(port.PublicPort));
    const address = reachableAddress(waiting.engine.host.address, published?.IP ?? "");
    const failure =
      published === undefined ? "its port is not published" : await httpFailure(address, published.PublicPort, check);
    next = elapsed() + check.interval;
    isAnswering = failure === undefined;
    if (isAnswering) failures = 0;
    else if (elapsed() > check.startPeriod && ++failures >= check.retries)
      throw await fail(
        `does not answer ${check.path} (${String(failure)})${elsewhere(waiting, address, String(failure))}`,
      );
    return isAnswering;
  };
}
