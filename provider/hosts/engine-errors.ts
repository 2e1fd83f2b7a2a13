import { FormationError } from "../core/errors";
import { plainLine } from "../core/plain";
import { NoConnection, type Transport } from "./transport";

/** The HTTP status that an engine answered with, if it answered. */
export function statusOf(error: unknown): number | undefined {
  return (error as { statusCode?: number } | undefined)?.statusCode;
}

/** What an engine answers when there was nothing to do. */
export function isAlreadySo(error: unknown): boolean {
  return statusOf((error as Error).cause) === 304;
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

/** In the words of containerd, of runc, and of runc before 1.1. */
const TASK_LOST = /task \S+ already exists|container with given ID already exists|\bid already in use/i;

/** An error of the engine in our words, its own kept. */
export function engineError(error: unknown, host: Named): FormationError {
  if (error instanceof FormationError) return error;
  const explained = error instanceof NoConnection ? error : host.explain(error);
  if (explained !== undefined) {
    const { reason, hint, isLasting } = explained;
    return unreachable(host, reason, { hint, cause: error, isLasting });
  }
  const words = (error as { readonly message?: string }).message?.trim() ?? String(error);
  const reason = plainLine(words).replace(/^\(HTTP code \d+\) [^-]*- /, "");
  const at = { cause: error };
  if (statusOf(error) === undefined) return unreachable(host, reason, at);
  // The second in Podman's words.
  if (/name "[^"]*" is already in use|name \S+ already in use/.test(reason))
    return new FormationError("NameTaken", `${host.name}: ${reason}`, { ...at, hint: "remove or rename it" });
  if (/port is already allocated|address already in use/.test(reason))
    return new FormationError("PortTaken", `${reason} on ${host.name}`, at);
  if (/exec: "?\/bin\/sh"?.*(no such file|not found)/.test(reason)) {
    const hint = "the image has no /bin/sh: give the command as a list of words in processes";
    return new FormationError("EngineRefused", reason, { ...at, hint });
  }
  if (TASK_LOST.test(reason)) {
    const words = "was killed while it started this process, and cannot start its container any more";
    const hint = "run up again: it makes another";
    return new FormationError("TaskLost", `the engine of ${host.name} ${words} (${reason})`, { ...at, hint });
  }
  // One that is being removed is as good as gone: its logs are refused with a conflict.
  const isGone = statusOf(error) === 404 || /dead or marked for removal/.test(reason);
  return new FormationError(isGone ? "NotFound" : "EngineRefused", `${host.name}: ${reason}`, at);
}
