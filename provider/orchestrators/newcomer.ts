import { isOwnFirst, latestClaims, type Claim } from "../core/model/claim";
import { KEY_VARIABLE } from "../core/model/environment";
import { FormationError } from "../core/values/errors";
import type { ObservedHost, OtherFormation } from "../core/model/observed";
import type { Spec } from "../core/inputs/spec";
import { claimedRefusal, underWayRefusal, isUnderWay, waysOut, type Claimable } from "./claiming";
import { toldAddresses } from "../core/record/former-hosts";
import type { HookContext } from "./hook-context";

/** An engine or a Swarm that can tell whose a container is. */
export interface Witness extends Claimable {
  /** Reads a variable from the environment of a container, or of a service's processes. */
  variable(container: string, name: string): Promise<string | undefined>;
}

/** A snapshot of hosts or of a Swarm, and the witnesses that can tell more of it. */
interface Site {
  readonly observed: readonly ObservedHost[];
  readonly hosts: ReadonlyMap<string, Witness>;
  readonly rooms?: readonly { readonly name: string; readonly abandoned: boolean }[];
}

interface At<T> {
  readonly host: Witness;
  readonly what: T;
}

/**
 * The key of a formation that has no state yet, but containers or claims. A first deployment of the same resource that
 * died is continued, whatever the app was called and wherever it was to run; a formation whose state was lost is taken
 * over if a person says so. `undefined` where nothing is there.
 *
 * @throws OwnedByOther when the app is another formation's
 */
export async function keyOfNew(
  spec: Pick<Spec, "app" | "takeOver">,
  world: Site,
  context: HookContext,
  again: () => Promise<Site>,
): Promise<string | undefined> {
  const open = claimsIn(world, spec.app, context).filter(({ what }) => what.begun !== undefined);
  for (const { host, what: claim } of open)
    if (await isUnderWay(host, claim, context)) throw underWayRefusal(claim, host.name);
  if (open.length === 0) return keyIn(spec, world, context);
  // An update that died may have made containers after the first observation.
  const now = await again();
  const gone = now.observed.find(({ name, unreachable }) => unreachable !== undefined && wasSeen(world, name));
  // A host that has become unreachable would count as empty, and its containers would run on beside the new ones.
  if (gone?.unreachable !== undefined)
    throw new FormationError("HostUnreachable", gone.unreachable, { hint: "nothing was done; run it again" });
  return keyIn(spec, now, context);
}

function wasSeen({ observed }: Site, host: string): boolean {
  return observed.some(({ name, unreachable }) => name === host && unreachable === undefined);
}

function claimsIn(world: Site, app: string, context: HookContext): At<Claim>[] {
  const latest = at(world, ({ claims = [] }) => latestClaims(claims));
  return latest.filter(({ what }) => what.app === app || isOwnFirst(what, context));
}

async function keyIn(
  { app, takeOver }: Pick<Spec, "app" | "takeOver">,
  world: Site,
  context: HookContext,
): Promise<string | undefined> {
  const claims = claimsIn(world, app, context);
  const others = at(world, ({ others: all = [] }) => all);
  const named = others.filter(({ what }) => what.app === app);
  const closed = claims.filter(({ what }) => what.begun === undefined);
  const own = identitiesOf(claims.filter(({ what }) => isOwnFirst(what, context)));
  const holders = new Set([...identitiesOf(closed), ...[...identitiesOf(named)].filter((one) => !own.has(one))]);
  const isMeant = takeOver !== undefined && holders.size === 1 && holders.has(takeOver);
  if (holders.size > 0 && !isMeant) {
    // Beside the formation that a person takes over, another one may have the app's name on another host.
    const isToBlame = ({ what }: At<{ readonly identity: string }>) =>
      holders.has(what.identity) && what.identity !== takeOver;
    throw refusal(app, named.filter(isToBlame), [...closed.filter(isToBlame), ...claims]);
  }
  const meant = others.filter(({ what }) => isMeant && what.identity === takeOver);
  // A formation that is taken over may have nothing left but its claim.
  const mine = meant.length > 0 ? meant : others.filter(({ what }) => own.has(what.identity));
  const [first] = mine;
  if (first === undefined) {
    refuseUnseen(world, (claim) => isOwnFirst(claim, context), context);
    return undefined;
  }
  if (identitiesOf(mine).size > 1) throw refusal(app, mine, claims);
  return first.host.variable(first.what.container, KEY_VARIABLE);
}

/**
 * Refuses while a host that the dead deployment had begun to use is unreachable: with a new key, its processes there
 * would be another formation's.
 */
function refuseUnseen({ observed, rooms }: Site, isOwn: (claim: Claim) => boolean, context: HookContext): void {
  const told = toldAddresses(observed, isOwn);
  const isVouchedFor = ({ name, address }: ObservedHost) =>
    context.isWrittenOff(name) ||
    context.isWrittenOff(address) ||
    rooms?.some((room) => room.name === name && room.abandoned);
  const unseen = observed.filter(
    (host) => host.unreachable !== undefined && told.has(host.address) && !isVouchedFor(host),
  );
  const [first] = unseen;
  if (first === undefined) return;
  throw new FormationError("HostUnreachable", unseen.map(({ unreachable }) => unreachable).join("; "), {
    hint: `a first up that died may have started processes there; run up again once it can be reached or, if it is gone for good, pulumi config set --path 'formation:abandoned[0]' ${first.address}`,
  });
}

function identitiesOf(all: readonly At<{ readonly identity: string }>[]): Set<string> {
  return new Set(all.map(({ what }) => what.identity));
}

function refusal(app: string, others: readonly At<OtherFormation>[], claims: readonly At<Claim>[]): FormationError {
  const [claim] = claims;
  const [other] = others;
  if (other === undefined && claim !== undefined) return claimedRefusal(claim.what, claim.host.name);
  const { identity = "", owner = "" } = other?.what ?? {};
  const resource = claims.find(({ what }) => what.identity === identity)?.what.resource;
  const who = `formation ${identity} (${resource === undefined ? "" : `${resource} of `}stack ${owner})`;
  return new FormationError("OwnedByOther", `app ${app} on ${other?.host.name ?? ""} belongs to ${who}`, {
    hint: waysOut(identity),
  });
}

function at<T>({ observed, hosts }: Site, what: (host: ObservedHost) => T | readonly T[]): At<T>[] {
  return observed.flatMap((one) => {
    const host = hosts.get(one.name);
    if (host === undefined) return [];
    const found = what(one);
    return (Array.isArray(found) ? (found as readonly T[]) : [found as T]).map((each) => ({ host, what: each }));
  });
}
