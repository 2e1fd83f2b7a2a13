import { latestClaims, type Claim } from "../core/model/claim";
import type { ObservedHost } from "../core/model/observed";
import { updatingIdentity, type Recorded } from "../core/record/state";
import type { Claimable } from "./claiming";

/** Hosts whose claims may be over, and the apps that still have instances there. */
interface Claimed {
  readonly observed: readonly (Pick<ObservedHost, "name" | "claims" | "unreachable"> & {
    readonly instances: readonly { readonly app: string }[];
  })[];
  readonly hosts: ReadonlyMap<string, Claimable>;
  readonly rooms: readonly { readonly name: string }[];
}

/** True when a host has a claim of this very update that names hosts which the update has begun to use. */
export function hasNews({ claims = [] }: Pick<ObservedHost, "claims">, run: string): boolean {
  return latestClaims(claims).some((claim) => isNews(claim, run));
}

/** True for a claim that must stay: until the update is recorded, nothing else may lead to the hosts that it names. */
function isNews(claim: Claim, run: string): boolean {
  return claim.run === run && (claim.begun ?? []).length > 0;
}

/**
 * Removes the claims where nothing is left of the formation, or of a name that it had.
 *
 * @param app its name now; `undefined` when it was destroyed
 * @param run the update that removes them
 */
export async function tidyClaims(
  { observed, hosts, rooms }: Claimed,
  state: Recorded,
  app: string | undefined,
  run: string,
): Promise<void> {
  const identity = updatingIdentity(state);
  const declared = new Set(rooms.map((room) => room.name));
  await Promise.all(
    observed.map(async ({ name, claims = [], instances, unreachable }) => {
      const host = hosts.get(name);
      if (host === undefined || unreachable !== undefined) return;
      const isOver = (claim: Claim) =>
        claim.identity === identity &&
        (declared.has(name) ? claim.app !== app : !isNews(claim, run)) &&
        instances.every((one) => one.app !== claim.app);
      for (const { app: over } of latestClaims(claims).filter(isOver))
        for (const claim of await host.claims())
          if (claim.app === over && claim.identity === identity) await host.unclaim(claim);
    }),
  );
}
