import { isOwnFirst, latestClaims, type Claim } from "./core/claim";
import { explain, hasCode } from "./core/errors";
import type { ObservedHost } from "./core/observed";
import type { Asker } from "./core/ownership";
import type { Spec } from "./core/spec";
import { rememberedOn, type Recorded, type RecordedHost } from "./core/state";
import { SWARM } from "./core/swarm/instances";
import { ownPart } from "./core/swarm/own";
import { otherSwarmRefusal } from "./core/swarm/refusals";
import { isKnown } from "./core/unknown";
import type { Swarm, SwarmQuery } from "./hosts/swarm";
import { declaredHosts } from "./properties";
import type { SwarmGround } from "./swarm-claims";
import type { Surroundings } from "./surroundings";
import { askerOf } from "./core/state";

/** Reason why a Swarm is unreachable, and the instances remembered of it. */
export interface LostSwarm {
  readonly lost: string;
  readonly hosts: readonly ObservedHost[];
}

export function lookAtSwarm(
  spec: Spec,
  managers: Swarm,
  state: Recorded,
  around: Surroundings,
): Promise<SwarmGround | LostSwarm> {
  const asker = askerOf(spec.app, state, around.owner);
  const query: SwarmQuery = {
    ...asked(asker),
    registryAuth: spec.registryAuth,
    ...(isKnown<string>(spec.image) ? { image: spec.image } : {}),
    ...(isKnown<string | undefined>(spec.network) && spec.network !== undefined ? { network: spec.network } : {}),
  };
  // A first deployment that died, or a formation taken over, has no state; its claim tells what it called the app.
  const isOwn = (claim: Claim) => isOwnFirst(claim, around) || claim.identity === spec.takeOver;
  const isNew = asker.identity === undefined;
  return seenOrLost(
    { managers, query, asker, declared: declaredHosts(spec), isOwn: isNew ? isOwn : () => false },
    state,
    around,
  );
}

export function lookBackAtSwarm(
  managers: Swarm,
  state: Recorded,
  around: Surroundings,
): Promise<SwarmGround | LostSwarm> {
  const asker = askerOf(state.__app ?? around.name, state, around.owner);
  const query = { ...asked(asker), registryAuth: [] };
  return seenOrLost({ managers, query, asker, declared: undefined, isOwn: () => false }, state, around);
}

function asked({ apps, identity }: Asker): Pick<SwarmQuery, "apps" | "identity"> {
  return { apps, ...(identity === undefined ? {} : { identity }) };
}

interface Question {
  readonly managers: Swarm;
  readonly query: SwarmQuery;
  readonly asker: Asker;
  readonly declared: readonly RecordedHost[] | undefined;
  /** True when a claim is the formation's own although its state does not know it: its app name is observed, too. */
  readonly isOwn: (claim: Claim) => boolean;
}

/**
 * Observes a Swarm or, when it is unreachable, remembers it: as far as anybody knows, its processes are still there.
 */
async function seenOrLost(
  { managers, query, asker, declared, isOwn }: Question,
  state: Recorded,
  around: Surroundings,
): Promise<SwarmGround | LostSwarm> {
  try {
    const first = await managers.observe(query);
    const claimed = latestClaims(first.claims).filter(isOwn);
    const apps = [...new Set([...query.apps, ...claimed.map(({ app }) => app)])];
    const all = apps.length === query.apps.length ? first : await managers.observe({ ...query, apps });
    const own = ownPart(all, { ...asker, apps });
    const refusal = otherSwarmRefusal(state, own, declared, around.isWrittenOff);
    if (refusal !== undefined) throw refusal;
    return { all, own, managers };
  } catch (error) {
    if (!hasCode(error, "HostUnreachable")) throw error;
    const lost = explain(error);
    const empty = { address: "", engine: "", strangers: [] };
    const names = [...new Set((state.instances ?? []).map((one) => one.host))];
    const hosts = names.map((name) => ({
      ...empty,
      name,
      instances: rememberedOn(state, name, query.apps[0] ?? ""),
    }));
    return { lost, hosts: [{ ...empty, name: SWARM, instances: [], lost }, ...hosts] };
  }
}
