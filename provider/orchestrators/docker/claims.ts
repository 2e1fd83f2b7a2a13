import { latestClaim, latestClaims, type BegunHost, type Claim } from "../../core/model/claim";
import type { Plan } from "../../core/plan/plan";
import { otherFormationRefusal } from "../../core/plan/refusals";
import type { Spec } from "../../core/inputs/spec";
import { updatingIdentity, type Recorded, type RecordedHost } from "../../core/record/state";
import { knownAddresses, toldAddresses } from "../../core/record/former-hosts";
import { claimantOf, underWayRefusal, isUnderWay, takeClaims, type Ground, type Hold } from "../claiming";
import type { HookContext } from "../hook-context";
import { observeHosts, type Observation } from "./observe";

// Decides when an update on Docker hosts writes claims: before it first uses a host or a name. An update that stays on
// its recorded hosts writes none.

/** @throws OwnedByOther when somebody else was first, or another update of the formation is still under way */
export async function holdClaims(
  spec: Spec,
  { changes }: Plan,
  world: Observation,
  state: Recorded,
  context: HookContext,
): Promise<Hold> {
  const identity = updatingIdentity(state);
  const isNew = state.__app === undefined;
  const claimant = claimantOf(spec.app, identity, isNew, context);
  await refuseUnderWay(world, spec, state, context);
  const begun = begunHosts(spec, world, state, changes.length > 0);
  return takeClaims(groundsOf(world, spec.app, state, begun), claimant, context);
}

/** Refuses while somebody else's update is under way, as far as its claim tells. */
async function refuseUnderWay(
  { observed, hosts }: Observation,
  spec: Spec,
  state: Recorded,
  context: HookContext,
): Promise<void> {
  const identity = updatingIdentity(state);
  const open = observed.flatMap(({ name, claims = [] }) => {
    const host = hosts.get(name);
    if (host === undefined) return [];
    // An update of the same formation may have given the app another name.
    const concerns = (claim: Claim) => claim.app === spec.app || claim.identity === identity;
    const isOpen = (claim: Claim) => claim.begun !== undefined && claim.run !== state.__run;
    return latestClaims(claims).flatMap((claim) => (concerns(claim) && isOpen(claim) ? [{ claim, host }] : []));
  });
  await Promise.all(
    open.map(async ({ claim, host }) => {
      if (await isUnderWay(host, claim, context)) throw underWayRefusal(claim, host.name);
    }),
  );
  // Another formation's update may have made processes after the observation, before it died. They belong to that
  // formation.
  if (open.every(({ claim }) => claim.identity === identity)) return;
  const refusal = otherFormationRefusal((await observeHosts(spec, state, context)).observed, spec.app);
  if (refusal !== undefined) throw refusal;
}

/**
 * Hosts that the claims are to name: those that the state does not record yet, and those that the claim of a dead
 * update names and nobody has recorded.
 */
function begunHosts(
  { hosts }: Spec,
  { rooms, observed, former }: Observation,
  state: Recorded,
  isAny: boolean,
): BegunHost[] {
  if (!isAny) return [];
  const address = new Map(observed.map((host) => [host.name, host.address]));
  const known = knownAddresses(state);
  const entries = new Map(hosts.map((entry) => [String(entry.host), entry as RecordedHost]));
  const declared = rooms.map(({ name }): RecordedHost => {
    const host = address.get(name) ?? "";
    return { ...entries.get(host), host, name };
  });
  // Nothing is begun on an unreachable host, unless an earlier update has begun there.
  const identity = updatingIdentity(state);
  const told = toldAddresses(observed, (claim) => claim.identity === identity);
  const lost = new Set(observed.flatMap((host) => (host.unreachable === undefined ? [] : host.address)));
  const isBegun = ({ host, left }: RecordedHost) =>
    left !== true && !known.has(host) && (!lost.has(host) || told.has(host));
  return [...declared, ...former.values()].filter(isBegun).map(plainEntry);
}

/** A host's entry without its secrets. */
function plainEntry({ host, name = host, certPath, sshOpts }: RecordedHost): BegunHost {
  return {
    host,
    name,
    ...(certPath === undefined ? {} : { certPath }),
    ...(sshOpts === undefined ? {} : { sshOpts }),
  };
}

function groundsOf(
  { observed, hosts, rooms }: Observation,
  app: string,
  state: Recorded,
  begun: readonly BegunHost[],
): Ground[] {
  const identity = updatingIdentity(state);
  const isNew = state.__app === undefined;
  const known = knownAddresses(state);
  const usable = new Set(rooms.filter((room) => !room.abandoned).map((room) => room.name));
  return observed.flatMap((seen): Ground[] => {
    const host = hosts.get(seen.name);
    if (host === undefined || seen.unreachable !== undefined) return [];
    const claim = latestClaim(seen.claims ?? [], app);
    const isOurs = claim?.identity === identity;
    const isMissing = usable.has(seen.name) && !isOurs;
    // An open claim of ours is closed or renewed: the state of its writer has been recorded since, or the new claim
    // names the same hosts.
    const isLeft = isOurs && claim.begun !== undefined;
    // A program that is set back may know only hosts that this update leaves, so these have to name the new ones.
    const tells = begun.length > 0 && (usable.has(seen.name) || isOurs || claim === undefined);
    if (!isMissing && !(isLeft && usable.has(seen.name)) && !tells) return [];
    // Until the state records this host, the claim may be the only trace of the formation there.
    const isOpen = isNew || begun.length > 0 || !known.has(seen.address);
    return [{ host, observed: seen, begun: isOpen ? begun : undefined }];
  });
}
