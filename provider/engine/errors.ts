import { FormationError, hasCode } from "../core/values/errors";
import { plainLine } from "../core/values/plain";
import { refusalOf, statusOf } from "./refusal";
import { startHint } from "./start-hint";
import { NoConnection, type Transport } from "./connect/transport";

/** The answer came from something else than an engine, such as a proxy in front of it. */
export class NoEngine extends Error {
  /** @param body the answer, usually an HTML page */
  constructor(body: string, status?: number) {
    const words = plainLine(body.replace(/<(script|style)\b.*?<\/\1>|<[^>]*>/gis, " ").replace(/\s+/g, " ")).trim();
    const said = words === "" ? "" : `: ${words.slice(0, MOST_WORDS)}`;
    super(`what answers there is not a Docker engine${status === undefined ? "" : ` (status ${status})`}${said}`);
  }
}

const MOST_WORDS = 200;

/** True for the status of a proxy whose engine is down, and of an engine that is still starting. */
function isAway(status: number): boolean {
  return status >= 502 && status <= 504;
}

/** True when the connection broke: the engine may have carried out the call or not. */
export function isAnswerLost(error: unknown): boolean {
  const { code, cause } = error as { readonly code?: unknown; readonly cause?: { readonly code?: unknown } };
  return [code, cause?.code].some((one) => one === "ECONNRESET" || one === "EPIPE");
}

/** A host, as errors name it. */
export interface Named {
  readonly name: string;
  readonly address: string;
  readonly explain: Transport["explain"];
}

interface Unreachable {
  readonly hint?: string;
  readonly cause?: unknown;
  readonly isLasting?: boolean | undefined;
}

export function unreachable(
  { name, address }: Named,
  reason: string,
  { hint = `try: docker -H ${address} version`, ...more }: Unreachable = {},
): FormationError {
  return new FormationError("HostUnreachable", `cannot reach ${name} (${address}): ${plainLine(reason)}`, {
    hint,
    ...more,
  });
}

/** Makes an engine that refuses every observation unreachable, so that the update goes on with the other hosts. */
export function lookError(error: unknown, host: Named): Error {
  if (error instanceof NoEngine) return engineError(error, host);
  const refusal = refusalOf(error);
  // 400: the request itself is wrong, on any engine.
  if (refusal === undefined || refusal.status === 400 || hasCode(error, "HostUnreachable")) return error as Error;
  return unreachable(host, `it lets nobody look at it: ${refusal.message}`, { cause: refusal });
}

/** Messages of containerd, of runc, and of runc before 1.1. */
const TASK_LOST = /task \S+ already exists|container with given ID already exists|\bid already in use/i;

/** Messages of Docker and of Podman about a path of the host that is to be mounted. */
const MISSING_BIND = /bind source path does not exist: (\/.*)$|statfs (\/.*): no such file or directory/;

/** Translates an engine's error and keeps the original as its cause. @param isLook true when the call only reads */
export function engineError(error: unknown, host: Named, isLook = false): FormationError {
  if (error instanceof FormationError) return error;
  const explained = error instanceof NoConnection ? error : host.explain(error);
  if (explained !== undefined) {
    const { reason, hint, isLasting } = explained;
    return unreachable(host, reason, { hint, cause: error, isLasting });
  }
  const reason = plainLine((error as { readonly message?: string }).message?.trim() ?? String(error));
  const at = { cause: error };
  const status = statusOf(error);
  if (status === undefined) return unreachable(host, reason, at);
  // An engine that cannot even be observed is unreachable, whatever the reason.
  if (isAway(status) || (isLook && status >= 500)) return unreachable(host, reason, at);
  // The second alternative is Podman's message.
  if (/name "[^"]*" is already in use|name \S+ already in use/.test(reason))
    return new FormationError("NameTaken", `${host.name}: ${reason}`, { ...at, hint: "remove or rename it" });
  if (/port is already allocated|address already in use/.test(reason))
    return new FormationError("PortTaken", `${reason} on ${host.name}`, at);
  const hint = startHint(reason, "its command");
  if (hint !== undefined) return new FormationError("EngineRefused", reason, { ...at, hint });
  const missing = MISSING_BIND.exec(reason)?.slice(1).find(Boolean);
  if (missing !== undefined) {
    const hint = "make it there, or correct the source in mounts";
    return new FormationError("EngineRefused", `${missing} is not on ${host.name}, where it is to be mounted`, {
      ...at,
      hint,
    });
  }
  if (TASK_LOST.test(reason)) {
    const words = "was killed while it started this process, and cannot start its container any more";
    const hint = "run up again: it makes another";
    return new FormationError("TaskLost", `the engine of ${host.name} ${words} (${reason})`, { ...at, hint });
  }
  // A container that is being removed counts as gone: engines refuse its logs with a conflict.
  const isGone = status === 404 || /dead or marked for removal/.test(reason);
  return new FormationError(isGone ? "NotFound" : "EngineRefused", `${host.name}: ${reason}`, at);
}
