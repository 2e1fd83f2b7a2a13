import { FormationError } from "../core/errors";
import { plainLine } from "../core/plain";
import { isAway, NoEngine, statusOf } from "./engine-errors";
import type { Transport } from "./transport";

export interface Trouble {
  /** Whether another manager, or the same one later, may answer. */
  readonly kind: "unreachable" | "leaderless" | "unready" | "worker";
  readonly words: string;
}

/** A Swarm that has just got a new leader does not know its own nodes for a while. */
export class NotReady extends Error {}

/** Words, not parts of them: a refusal may name a service called minecraft. */
const LEADERLESS =
  /not have a leader|lost leadership|no leader|\braft\b|context deadline|DeadlineExceeded|\bUnavailable\b|manager stopped/i;

/** The connection, or the Swarm itself, rather than what was asked of it. @param isLook whether nothing was to be changed */
export function troubleOf(error: unknown, transport?: Transport, isLook = false): Trouble | undefined {
  const words = wordsOf(error);
  const status = statusOf(error);
  if (error instanceof NotReady) return { kind: "unready", words };
  if (/is not a swarm manager|not part of a swarm|cannot be used/i.test(words)) return { kind: "worker", words };
  if (LEADERLESS.test(words)) return { kind: "leaderless", words };
  if (error instanceof FormationError) return undefined;
  // A page, taken for an answer.
  if (error instanceof TypeError) return { kind: "unreachable", words: new NoEngine("").message };
  if (status === undefined) return { kind: "unreachable", words: transport?.explain(error)?.reason ?? words };
  const isPage = /^\s*</.test(words);
  if (isPage || isAway(status) || (isLook && status >= 500))
    return { kind: "unreachable", words: isPage ? new NoEngine(words, status).message : words };
  return undefined;
}

export function isOutOfSequence(error: unknown): boolean {
  return /update out of sequence/.test(wordsOf(error));
}

export function isNameConflict(error: unknown): boolean {
  return statusOf(error) === 409 || /AlreadyExists|name conflicts with an existing object/.test(wordsOf(error));
}

/** An engine's own words, without what the client puts around them. */
export function wordsOf(error: unknown): string {
  const words = error instanceof Error ? error.message.trim() : String(error);
  return plainLine(words)
    .replace(/^\(HTTP code \d+\) [^-]*- /, "")
    .replace(/^rpc error: code = \w+ desc = /, "");
}

/** What no manager could do. */
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
      return new FormationError(
        "HostUnreachable",
        `cannot reach a manager of the Swarm (${address}): ${trouble.words}`,
        {
          hint: `try: docker -H ${address} node ls`,
        },
      );
  }
}
