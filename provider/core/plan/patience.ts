import { isLoopback, parseHostAddress } from "../values/addresses";
import type { ObservedHost } from "../model/observed";
import { seconds } from "../inputs/process-type";
import type { DeclaredHost, Spec } from "../inputs/spec";
import type { Recorded } from "../record/state";
import { TRAITS } from "../inputs/traits";
import type { Seconds } from "../values/units";

/** A machine that has just been made takes a while until ssh lets in and Docker runs. */
const FOR_A_NEW_HOST: Seconds = 300;

/**
 * The time that an update waits for unreachable hosts. By default that is none for a host that a formation was on
 * before, because the other hosts need the update, and always none where waiting does not help.
 */
export function patienceWith(observed: readonly ObservedHost[], spec: Spec, state: Recorded): Seconds {
  const waits = observed.flatMap((host) => {
    if (host.unreachable === undefined || host.isLasting === true) return [];
    // A Swarm stands for all of its managers.
    const entries = spec.hosts.filter((one) => TRAITS[spec.orchestrator].placesItself || one.host === host.address);
    return entries.map((entry) => patienceFor(entry, state));
  });
  return Math.max(0, ...waits);
}

function patienceFor({ host, wait, abandoned = false }: DeclaredHost, state: Recorded): Seconds {
  if (abandoned) return 0;
  const isKnown = state.__cluster !== undefined || state.__engines[String(host)] !== undefined;
  return seconds(wait, isKnown || isHere(String(host)) ? 0 : FOR_A_NEW_HOST);
}

/** True for this machine, which was there before. */
function isHere(host: string): boolean {
  const address = parseHostAddress(host);
  return address === undefined || address.transport === "unix" || isLoopback(address.hostname);
}
