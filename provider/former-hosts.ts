import { latestClaims, type Claim } from "./core/claim";
import type { ObservedHost } from "./core/observed";
import type { Recorded, RecordedHost } from "./core/state";

/**
 * Hosts that are not declared now, and may have processes all the same: those that were declared, or found, before, and
 * those that an update has begun to use of which the state never heard.
 *
 * @param isOwn whether a claim is the formation's
 * @param isWrittenOff whether a person vouches for a host's being gone
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

/** Hosts that may have processes as far as a state tells: the next update looks at them, whatever its program says. */
function recordedHosts(state: Recorded): RecordedHost[] {
  // A host that was never seen, such as a misspelt one, cannot have any process.
  const seen = (state.hosts ?? []).filter(({ host }) => state.__engines[host] !== undefined);
  const found = state.hosts === undefined ? Object.keys(state.__engines).map((host) => ({ host })) : [];
  return [...seen, ...found, ...state.__former.filter((entry) => entry.left !== true)];
}

/** Tells that a host is the one of an entry, perhaps under another address: a clone has its id, but not what ran there. */
function isAt({ address, engine, containers = [] }: ObservedHost, { host }: RecordedHost, state: Recorded): boolean {
  if (address === host) return true;
  if (engine === "" || engine !== state.__engines[host]) return false;
  // Addresses may have been exchanged: the engine that was known at this one has to be somewhere.
  if ((state.__engines[address] ?? engine) !== engine) return false;
  const remembered = (state.instances ?? []).filter((one) => one.host === (state.__names[host] ?? host));
  return remembered.length === 0 || remembered.some(({ container }) => containers.includes(container));
}

/** Hosts that claims tell of: an update has begun to use them. */
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

/** Addresses of the hosts that claims tell of. */
export function toldAddresses(observed: readonly ObservedHost[], isOwn: (claim: Claim) => boolean): Set<string> {
  return new Set(toldHosts(observed, isOwn).map(({ host }) => host));
}

/** Addresses of the hosts that a state makes the next update look at. */
export function knownAddresses(state: Recorded): Set<string> {
  return new Set(recordedHosts(state).map(({ host }) => host));
}
