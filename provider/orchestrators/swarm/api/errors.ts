import { FormationError, hasCode } from "../../../core/values/errors";
import { plainLine } from "../../../core/values/plain";
import { engineError, NoEngine, type Named } from "../../../engine/errors";
import { refusalOf, statusOf } from "../../../engine/refusal";

/** The reason why a manager cannot serve a call; another may, or the same one later. */
export type Trouble =
  | { readonly kind: "unreachable"; readonly error: FormationError }
  | { readonly kind: "leaderless" | "unready" | "worker"; readonly words: string };

/** A Swarm that has just got a new leader does not know its own nodes for a while. */
export class NotReady extends Error {}

/** Matches whole words: a refusal may name a service called minecraft. */
const LEADERLESS =
  /not have a leader|lost leadership|no leader|\braft\b|context deadline|DeadlineExceeded|\bUnavailable\b|manager stopped/i;

/** @returns `undefined` when the call itself is at fault, not the connection or the Swarm */
export function troubleOf(error: unknown, manager: Named): Trouble | undefined {
  const words = wordsOf(error);
  if (error instanceof NotReady) return { kind: "unready", words };
  if (refusalOf(error) !== undefined) {
    if (/is not a swarm manager|not part of a swarm|cannot be used/i.test(words)) return { kind: "worker", words };
    if (LEADERLESS.test(words)) return { kind: "leaderless", words };
  }
  if (error instanceof FormationError)
    return hasCode(error, "HostUnreachable") ? { kind: "unreachable", error } : undefined;
  // A TypeError means an answer of another shape than an engine's.
  return { kind: "unreachable", error: engineError(error instanceof TypeError ? new NoEngine("") : error, manager) };
}

export function isOutOfSequence(error: unknown): boolean {
  return /update out of sequence/.test(wordsOf(error));
}

export function isNameConflict(error: unknown): boolean {
  return statusOf(error) === 409 || /AlreadyExists|name conflicts with an existing object/.test(wordsOf(error));
}

/** A manager's message without the gRPC prefix that managers add among themselves. */
export function wordsOf(error: unknown): string {
  const words = refusalOf(error)?.message ?? (error instanceof Error ? error.message : String(error));
  return plainLine(words.trim()).replace(/^rpc error: code = \w+ desc = /, "");
}

/** The error of a call that no manager could serve. */
export function swarmError(trouble: Trouble, address: string): FormationError {
  switch (trouble.kind) {
    case "worker":
      return new FormationError("InvalidInput", `${address} is no manager of a Swarm: ${trouble.words}`, {
        hint: "give the addresses of managers as hosts, or make one with docker swarm init",
      });
    case "unready":
      return new FormationError("HostUnreachable", `the Swarm is not ready (${address}): ${trouble.words}`, {
        hint: "run up again in a minute",
      });
    case "leaderless":
      return new FormationError("HostUnreachable", `the Swarm has no leader (${address}): ${trouble.words}`, {
        hint: "more than half of its managers must be up and reach each other; then run up again",
      });
    case "unreachable":
      return trouble.error;
  }
}
