import { latestClaim, type BegunHost, type Claim } from "../core/model/claim";
import { FormationError } from "../core/values/errors";
import type { ObservedHost } from "../core/model/observed";
import type { Seconds } from "../core/values/units";

/** A running update renews its claim this often. A claim that was not renewed for `LEASE` is of an update that died. */
const RENEWAL: Seconds = 2;
const LEASE: Seconds = 10;
const POLL: Seconds = 1;

/** Timers, and the check for processes that are gone. */
export interface Time {
  readonly sleep: (seconds: Seconds) => Promise<void>;
  /** Repeats some work. @returns a function that stops the repetition */
  readonly every: (seconds: Seconds, work: () => Promise<void>) => () => void;
  /** True when the process of an update is certain to be gone. */
  readonly isGone: (process: string) => boolean;
}

/** The fields of a claim that say who writes it. */
export type Claimant = Pick<Claim, "app" | "identity" | "owner" | "resource" | "run" | "process" | "first">;

/** @param isFirst true when the formation has no state yet */
export function claimantOf(
  app: string,
  identity: string,
  isFirst: boolean,
  context: { readonly owner: string; readonly urn: string; readonly run: string; readonly process: string },
): Claimant {
  const { owner, urn: resource, run, process } = context;
  return {
    app,
    identity,
    owner,
    resource,
    run,
    ...(process === "" ? {} : { process }),
    ...(isFirst ? { first: true } : {}),
  };
}

/** An engine or a Swarm, as the keeper of claims. */
export interface Claimable {
  readonly name: string;
  readonly address: string;
  claims(): Promise<readonly Claim[]>;
  /** Writes a claim unless one of the same app and generation exists. @returns the claim that exists afterwards */
  claim(claim: Claim): Promise<Claim>;
  unclaim(claim: Pick<Claim, "app" | "generation">): Promise<void>;
}

/**
 * An engine to write a claim on, the claims observed there, and the unrecorded hosts that the new claim names. A claim
 * without `begun` is closed.
 */
export interface Ground {
  readonly host: Claimable;
  readonly observed: Pick<ObservedHost, "engine" | "address" | "claims">;
  readonly begun: readonly BegunHost[] | undefined;
}

/** The claims of a running update. */
export interface Hold {
  /** True once somebody else has taken over one of the claims: nothing more may be begun. */
  readonly isLost: () => boolean;
  /** Stops renewing the claims when the update ends. They stay open, because its state may never be recorded. */
  readonly leave: () => Promise<void>;
  /** Closes the claims when the first deployment ends: from then on the app belongs to this formation. */
  readonly close: () => Promise<void>;
}

export const NOTHING_HELD: Hold = {
  isLost: () => false,
  leave: () => Promise.resolve(),
  close: () => Promise.resolve(),
};

/**
 * Claims an app's name on one engine after the other, always in the same order, so that of two updates at the same
 * moment one gets all engines. @throws OwnedByOther when somebody else was first; claims written by then are removed
 */
export async function takeClaims(grounds: readonly Ground[], claimant: Claimant, time: Time): Promise<Hold> {
  if (grounds.length === 0) return NOTHING_HELD;
  const held: { readonly host: Claimable; claim: Claim }[] = [];
  const asked: Claimable[] = [];
  /** Removes all claims of this update, including those whose writing was never confirmed. */
  const giveUp = async () => {
    const own = async (host: Claimable) => (await host.claims()).filter(({ run }) => run === claimant.run);
    const clear = async (host: Claimable) => Promise.all((await own(host)).map((claim) => host.unclaim(claim)));
    await Promise.all(asked.map((host) => clear(host).catch(() => undefined)));
  };
  let [lost, last] = [false, Promise.resolve()];
  /** Writes the same claim once more, as its next generation. */
  const renew = async (one: (typeof held)[number], make: (claim: Claim) => Claim) => {
    const former = one.claim;
    const next = make({ ...former, generation: former.generation + 1 });
    const there = await one.host.claim(next);
    if (there.run !== claimant.run) {
      lost = true;
      return;
    }
    one.claim = next;
    await one.host.unclaim(former);
    // A closed claim is the last of its update: nothing more is begun under it.
    if (next.begun !== undefined && (await overtaking(next, one.host)) !== undefined) lost = true;
  };
  const renewAll = (make: (claim: Claim) => Claim) =>
    (last = last.then(async () => {
      const open = held.filter(({ claim }) => claim.begun !== undefined);
      if (!lost) await Promise.all(open.map((one) => renew(one, make).catch(() => undefined)));
    }));
  // Renewals begin with the first claim: an engine may take longer for its own than the earlier ones are good for.
  const end = time.every(RENEWAL, () => renewAll((claim) => claim));
  const rank = ({ observed }: Ground) => `${observed.engine} ${observed.address}`;
  try {
    for (const { host, observed, begun } of [...grounds].sort((a, b) => (rank(a) < rank(b) ? -1 : 1))) {
      const before = latestClaim(observed.claims ?? [], claimant.app);
      const generation = (before?.generation ?? 0) + 1;
      const want = { ...claimant, generation, address: host.address, ...(begun === undefined ? {} : { begun }) };
      asked.push(host);
      const there = await host.claim(want);
      if (there.run !== claimant.run) throw overtakenBy(there, host.name);
      // Since the observation, another update may have come, and have gone on to a later generation.
      const latest = latestClaim(await host.claims(), claimant.app);
      if (latest !== undefined && latest.run !== claimant.run) throw overtakenBy(latest, host.name);
      if (there.address !== host.address) throw sameEngine(there.address, host);
      held.push({ host, claim: want });
    }
    // Removed only once all claims are held: until then, an earlier claim may be the only trace of an update that died.
    await Promise.all(grounds.map(({ observed, host }) => outdated(observed, claimant.app, host)));
  } catch (error) {
    end();
    // A renewal that is under way would write a claim that nobody takes back.
    await last;
    await giveUp();
    throw error;
  }
  return {
    isLost: () => lost,
    // Waits for a renewal under way: the next update would take it for somebody else's claim.
    leave: () => {
      end();
      return last;
    },
    close: () => {
      end();
      return renewAll(({ begun: _, first: __, ...claim }) => claim);
    },
  };
}

/**
 * Finds a later claim of somebody else. The name of an earlier generation is free again once its writer has gone on to
 * the next, so that an update with an old observation may have got it.
 */
async function overtaking({ app, generation, run }: Claim, host: Claimable): Promise<Claim | undefined> {
  const latest = latestClaim(await host.claims(), app);
  return latest !== undefined && latest.run !== run && latest.generation > generation ? latest : undefined;
}

/** Removes earlier generations, which no longer count. */
async function outdated({ claims = [] }: Ground["observed"], app: string, host: Claimable): Promise<void> {
  const own = claims.filter((claim) => claim.app === app);
  await Promise.all(own.map((claim) => host.unclaim(claim).catch(() => undefined)));
}

/**
 * Waits until it is known what has become of the update that wrote a claim. @returns true when it is still under way
 */
export async function isUnderWay(host: Pick<Claimable, "claims">, claim: Claim, time: Time): Promise<boolean> {
  if (time.isGone(claim.process ?? "")) return false;
  for (let waited = 0; waited < LEASE; waited += POLL) {
    await time.sleep(POLL);
    const now = latestClaim(await host.claims(), claim.app);
    if (now === undefined) return false;
    if (now.run !== claim.run || now.generation !== claim.generation) return true;
  }
  return false;
}

/** @param claim of another formation, whose update has ended or died */
export function claimedRefusal(claim: Claim, host: string): FormationError {
  return new FormationError("OwnedByOther", `app ${claim.app} on ${host} belongs to ${whoOf(claim)}`, {
    hint: waysOut(claim.identity),
  });
}

/** @param claim of another formation, or of another update of the same, that is under way */
export function underWayRefusal(claim: Claim, host: string): FormationError {
  return new FormationError("OwnedByOther", `app ${claim.app} on ${host} is being deployed by ${whoOf(claim)}`, {
    hint: "nothing was started here; wait for it to end, or give this formation another app",
  });
}

function whoOf({ identity, resource, owner }: Claim): string {
  return `formation ${identity} (${resource} of stack ${owner})`;
}

/** The refusal for an app that somebody has claimed since the observation. */
function overtakenBy(claim: Claim, host: string): FormationError {
  return (claim.begun === undefined ? claimedRefusal : underWayRefusal)(claim, host);
}

/** The hint for a person whose app's name belongs to another formation. */
export function waysOut(identity: string): string {
  return `if this is that resource under another name or parent, give it aliases; if the state of that formation was really lost, say takeOver: ${JSON.stringify(identity)}; else give this formation another app`;
}

function sameEngine(address: string, { name, address: own }: Claimable): FormationError {
  return new FormationError("InvalidInput", `host ${name} (${own}) is the same engine as ${address}`, {
    hint: "leave one of them out",
  });
}
