import { isOwnFirst, latestClaims, type Claim } from "../../core/model/claim";
import { explain, hasCode } from "../../core/values/errors";
import type { ObservedHost } from "../../core/model/observed";
import type { Asker } from "../../core/model/ownership";
import { imagesOf, type Spec } from "../../core/inputs/spec";
import { networkNames } from "../../core/inputs/container/networks";
import { rememberedOn, type Recorded, type RecordedHost } from "../../core/record/state";
import { SWARM } from "./plan/instances";
import { ownPart } from "./plan/own";
import { otherSwarmRefusal } from "./plan/refusals";
import type { Swarm, SwarmQuery } from "./api/swarm";
import { declaredHosts } from "../../core/record/properties";
import type { SwarmGround } from "./claims";
import type { HookContext } from "../hook-context";
import { askerOf } from "../../core/record/state";

/** Reason why a Swarm is unreachable, and the instances remembered of it. */
export interface LostSwarm {
  readonly lost: string;
  readonly hosts: readonly ObservedHost[];
}

export function lookAtSwarm(
  spec: Spec,
  managers: Swarm,
  state: Recorded,
  context: HookContext,
): Promise<SwarmGround | LostSwarm> {
  const asker = askerOf(spec.app, state, context.owner);
  const query: SwarmQuery = {
    ...asked(asker),
    registryAuth: spec.registryAuth,
    images: imagesOf(spec),
    networks: networkNames(spec),
  };
  // A first deployment that died, or a formation taken over, has no state; its claim tells what it called the app.
  const isOwn = (claim: Claim) => isOwnFirst(claim, context) || claim.identity === spec.takeOver;
  const isNew = asker.identity === undefined;
  return seenOrLost(
    { managers, query, asker, declared: declaredHosts(spec), isOwn: isNew ? isOwn : () => false },
    state,
    context,
  );
}

export function lookBackAtSwarm(
  managers: Swarm,
  state: Recorded,
  context: HookContext,
): Promise<SwarmGround | LostSwarm> {
  const asker = askerOf(state.__app ?? context.name, state, context.owner);
  const query = { ...asked(asker), registryAuth: [] };
  return seenOrLost({ managers, query, asker, declared: undefined, isOwn: () => false }, state, context);
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
  context: HookContext,
): Promise<SwarmGround | LostSwarm> {
  try {
    const first = await managers.observe(query);
    const claimed = latestClaims(first.claims).filter(isOwn);
    const apps = [...new Set([...query.apps, ...claimed.map(({ app }) => app)])];
    const all = apps.length === query.apps.length ? first : await managers.observe({ ...query, apps });
    const own = ownPart(all, { ...asker, apps });
    const refusal = otherSwarmRefusal(state, own, declared, context.isWrittenOff);
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
    return { lost, hosts: [{ ...empty, name: SWARM, instances: [], unreachable: lost }, ...hosts] };
  }
}
