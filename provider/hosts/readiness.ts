import { setTimeout as delay } from "node:timers/promises";
import type { Container, ContainerInfo, ContainerInspectInfo } from "dockerode";
import { reachableAddress } from "../core/addresses";
import type { Readiness } from "../core/change";
import { FormationError } from "../core/errors";
import type { HttpCheck } from "../core/process-type";
import { httpFailure } from "./http-check";
import { lastLines } from "./log-tail";

const LAST_LINES = 20;
const POLL_MS = 250;
/** A process that the engine starts again and again is running now and then only. */
const CRASH_POLL_MS = 20;

export interface Waiting {
  readonly host: { readonly address: string };
  readonly container: Container;
  /** A full look at the container. */
  readonly inspect: () => Promise<ContainerInspectInfo>;
  /** A look that is shared with all others who wait on the host. */
  readonly glance: () => Promise<ContainerInfo | undefined>;
}

/** See `Host.ready`: running for long enough, healthy where the engine checks that, and answering where that is asked. */
export async function awaitReady(waiting: Waiting, { monitor, http }: Readiness): Promise<void> {
  const began = performance.now();
  const elapsed = () => (performance.now() - began) / 1000;
  const answer = http === undefined ? undefined : answers(waiting, http, elapsed);
  for (;;) {
    const seen = await waiting.glance();
    const healthy = seen === undefined || !/\((unhealthy|health: starting)\)/.test(seen.Status);
    if (seen !== undefined && seen.State !== "running") throw await exited(waiting);
    if (seen !== undefined && seen.Status.includes("(unhealthy)"))
      throw await notReady(waiting, `is unhealthy after ${Math.round(elapsed())} s`);
    const isAnswering = answer === undefined || (await answer());
    if (healthy && isAnswering && elapsed() >= monitor) break;
    await delay(Math.max(10, Math.min(POLL_MS, healthy && isAnswering ? (monitor - elapsed()) * 1000 : POLL_MS)));
  }
  const { State: state, RestartCount: restarts } = await waiting.inspect();
  if (state.Status !== "running" || restarts > 0) throw await exited(waiting);
}

/** Asks at most once an interval; throws when the process has failed to answer for too long. */
function answers(waiting: Waiting, check: HttpCheck, elapsed: () => number): () => Promise<boolean> {
  let next = 0;
  let failures = 0;
  return async () => {
    if (elapsed() < next) return false;
    const published = (await waiting.glance())?.Ports.find((port) => Boolean(port.PublicPort));
    const failure =
      published === undefined
        ? "its port is not published"
        : await httpFailure(reachableAddress(waiting.host.address, published.IP), published.PublicPort, check);
    if (failure === undefined) return true;
    next = elapsed() + check.interval;
    if (elapsed() > check.startPeriod && ++failures >= check.retries)
      throw await notReady(waiting, `does not answer ${check.path} after ${Math.round(elapsed())} s: ${failure}`);
    return false;
  };
}

async function exited(waiting: Waiting): Promise<FormationError> {
  for (;;) {
    const { State: state, RestartCount: restarts } = await waiting.inspect();
    // The engine forgets the exit code once it has started the process again: the next exit tells it.
    if (state.Status !== "running") return failure("ProcessExited", `exited with code ${state.ExitCode}`, waiting);
    if (restarts === 0) return failure("ProcessExited", "was started again", waiting);
    await delay(CRASH_POLL_MS);
  }
}

function notReady(waiting: Waiting, what: string): Promise<FormationError> {
  return failure("NotReady", what, waiting);
}

async function failure(
  code: "ProcessExited" | "NotReady",
  what: string,
  { container }: Waiting,
): Promise<FormationError> {
  const lines = await lastLines(container, LAST_LINES).catch(() => "");
  return new FormationError(code, `${what}${lines === "" ? ", without output" : `; its last lines:\n${lines}`}`);
}
