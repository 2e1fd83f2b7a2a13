import { latestClaims, type Claim } from "../model/claim";
import type { ObservedHost } from "../model/observed";
import type { Recorded, RecordedHost } from "./state";

/**
 * Hosts that are not declared now, but may still have processes: those that were declared, or found, before, and those
 * that an update has begun to use and no state has recorded.
 *
 * @param isOwn true for a claim of the formation
 * @param isWrittenOff true when a person vouches for a host's being gone
 */
export function formerHosts(
  state: Recorded,
  observed: readonly ObservedHost[],
  isOwn: (claim: Claim) => boolean,
  isWrittenOff: (host: RecordedHost) => boolean,
): RecordedHost[] {
  const left = state.__former.filter((entry) => entry.left === true);
  const known = [...recordedHosts(state), ...toldHosts(observed, isOwn), ...left];
  const isHere = (entry: RecordedHost) => observed.some((host) => isAt(host, entry, state));
  const gone = known.filter((entry) => !isHere(entry) && !isWrittenOff(entry));
  const unique = new Map<string, RecordedHost>();
  for (const entry of gone)
    if (!unique.has(entry.host)) {
      const name = state.__names[entry.host] ?? entry.name;
      unique.set(entry.host, { ...entry, ...(name === undefined ? {} : { name }) });
    }
  return [...unique.values()];
}

/**
 * Hosts that may have processes as far as the state tells. The next update observes them, whatever its program says.
 */
function recordedHosts(state: Recorded): RecordedHost[] {
  // A host that was never reached, such as a misspelt one, cannot have any process.
  const seen = (state.hosts ?? []).filter(({ host }) => state.__engines[host] !== undefined);
  const found = state.hosts === undefined ? Object.keys(state.__engines).map((host) => ({ host })) : [];
  return [...seen, ...found, ...state.__former.filter((entry) => entry.left !== true)];
}

/**
 * True when a host is the one of an entry, perhaps under another address. A clone has the same engine id, but not the
 * containers that ran there.
 */
function isAt({ address, engine, containers = [] }: ObservedHost, { host }: RecordedHost, state: Recorded): boolean {
  if (address === host) return true;
  if (engine === "" || engine !== state.__engines[host]) return false;
  // Engines may have exchanged their addresses: the one recorded at this address still has to be found.
  if ((state.__engines[address] ?? engine) !== engine) return false;
  const remembered = (state.instances ?? []).filter((one) => one.host === (state.__names[host] ?? host));
  return remembered.length === 0 || remembered.some(({ container }) => containers.includes(container));
}

/** Hosts that claims name, because an update has begun to use them. */
function toldHosts(observed: readonly ObservedHost[], isOwn: (claim: Claim) => boolean): RecordedHost[] {
  return observed.flatMap(({ claims = [] }) =>
    latestClaims(claims)
      .filter(isOwn)
      .flatMap(({ begun = [] }) =>
        begun.map(({ host, name, certPath, sshOpts }) => ({
          host,
          name,
          ...(certPath === undefined ? {} : { certPath }),
          ...(sshOpts === undefined ? {} : { sshOpts: [...sshOpts] }),
        })),
      ),
  );
}

/** Addresses of the hosts that claims name. */
export function toldAddresses(observed: readonly ObservedHost[], isOwn: (claim: Claim) => boolean): Set<string> {
  return new Set(toldHosts(observed, isOwn).map(({ host }) => host));
}

/** Addresses of the hosts that the next update observes because the state records them. */
export function knownAddresses(state: Recorded): Set<string> {
  return new Set(recordedHosts(state).map(({ host }) => host));
}
