import { latestClaim, type Claim } from "./core/claim";
import { KEY_VARIABLE } from "./core/environment";
import { FormationError } from "./core/errors";
import type { OtherFormation } from "./core/observed";
import type { Spec } from "./core/spec";
import { claimedRefusal, isUnderWay, waysOut } from "./claiming";
import type { Host } from "./hosts/host";
import type { Surroundings, World } from "./world";

interface At<T> {
  readonly host: Host;
  readonly what: T;
}

/**
 * The key of a formation that has no state yet, where the app is there already: a first deployment of the same resource
 * that died is gone on with, and a formation whose state was lost is taken over if a person says so. `undefined` where
 * nothing is there.
 *
 * @throws OwnedByOther when the app is another formation's
 */
export async function keyOfNew(
  { app, takeOver }: Pick<Spec, "app" | "takeOver">,
  world: Pick<World, "observed" | "hosts">,
  around: Surroundings,
): Promise<string | undefined> {
  const claims = at(world, ({ claims = [] }) => latestClaim(claims, app) ?? []);
  const others = at(world, ({ others: all = [] }) => all.filter((one) => one.app === app));
  for (const { host, what: claim } of claims)
    if (claim.begun !== undefined && (await isUnderWay(host, claim, around))) throw claimedRefusal(claim, host.name);
  const claimed = claims.filter(({ what }) => what.begun === undefined);
  const identities = new Set([...others, ...claimed].map(({ what }) => what.identity));
  if (identities.size === 0) return undefined;
  const [identity] = identities;
  const isMeant = identities.size === 1 && takeOver === identity;
  if (!isMeant && !(claimed.length === 0 && identities.size === 1 && isOwn(claims, identity, around)))
    throw refusal(app, others, claims);
  const [first] = others;
  return first?.host.variable(first.what.container, KEY_VARIABLE);
}

/** Whether every claim is of this resource's own first deployment. */
function isOwn(claims: readonly At<Claim>[], identity: string | undefined, { owner, urn }: Surroundings): boolean {
  const own = claims.filter(({ what }) => what.identity === identity);
  return (
    own.length > 0 && own.every(({ what }) => what.first === true && what.owner === owner && what.resource === urn)
  );
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

function at<T>(
  { observed, hosts }: Pick<World, "observed" | "hosts">,
  what: (host: World["observed"][number]) => T | readonly T[],
): At<T>[] {
  return observed.flatMap((one) => {
    const host = hosts.get(one.name);
    if (host === undefined) return [];
    const found = what(one);
    return (Array.isArray(found) ? (found as readonly T[]) : [found as T]).map((each) => ({ host, what: each }));
  });
}
