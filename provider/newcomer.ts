import { isOwnFirst, latestClaims, type Claim } from "./core/claim";
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
 * The key of a formation that has no state yet, where something of it is there already: a first deployment of the same
 * resource that died is gone on with, whatever the app was called and wherever it was to be; and a formation whose state
 * was lost is taken over if a person says so. `undefined` where nothing is there.
 *
 * @throws OwnedByOther when the app is another formation's
 */
export async function keyOfNew(
  { app, takeOver }: Pick<Spec, "app" | "takeOver">,
  world: Pick<World, "observed" | "hosts">,
  around: Surroundings,
): Promise<string | undefined> {
  const claims = at(world, ({ claims: all = [] }) => latestClaims(all)).filter(
    ({ what }) => what.app === app || isOwnFirst(what, around),
  );
  const others = at(world, ({ others: all = [] }) => all);
  for (const { host, what: claim } of claims)
    if (claim.begun !== undefined && (await isUnderWay(host, claim, around))) throw claimedRefusal(claim, host.name);
  const named = others.filter(({ what }) => what.app === app);
  const closed = claims.filter(({ what }) => what.begun === undefined);
  const holders = new Set([...named, ...closed].map(({ what }) => what.identity));
  const own = new Set(claims.filter(({ what }) => isOwnFirst(what, around)).map(({ what }) => what.identity));
  const isMeant = takeOver !== undefined && holders.size === 1 && holders.has(takeOver);
  // Beside the formation that a person takes over, another one may have the app's name on another host.
  const notMeant = <T extends { readonly identity: string }>(all: readonly At<T>[]) =>
    all.filter(({ what }) => what.identity !== takeOver);
  if (!isMeant && (closed.length > 0 || [...holders].some((one) => !own.has(one))))
    throw refusal(app, notMeant(named), [...notMeant(closed), ...claims]);
  const mine = others.filter(({ what }) => (isMeant ? what.identity === takeOver : own.has(what.identity)));
  const [first] = mine;
  if (first === undefined) return undefined;
  if (mine.some(({ what }) => what.identity !== first.what.identity)) throw refusal(app, mine, claims);
  return first.host.variable(first.what.container, KEY_VARIABLE);
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
