import { KEY_VARIABLE } from "../../core/model/environment";
import { latestClaim, latestClaims } from "../../core/model/claim";
import { LABEL } from "../../core/model/labels";
import type { ObservedHost } from "../../core/model/observed";
import { otherFormationRefusal } from "../../core/plan/refusals";
import type { Spec } from "../../core/inputs/spec";
import { updatingIdentity, type Recorded } from "../../core/record/state";
import { SWARM } from "./plan/instances";
import { appOf, keyOf, mayRun, type ObservedSwarm } from "./plan/observed";
import type { OwnSwarm } from "./plan/own";
import { claimantOf, underWayRefusal, isUnderWay, NOTHING_HELD, takeClaims, type Hold } from "../claiming";
import { tidyClaims } from "../tidy";
import type { Swarm } from "./api/swarm";
import { keyOfNew, type Witness } from "../newcomer";
import type { HookContext } from "../hook-context";

// A Swarm is one ground: an app's name is claimed once for all its nodes. Whatever an update that died has begun is
// found by its identity under any app name, so a claim only says whose the name is.

/** A snapshot of a Swarm, whole and as far as it is ours, with the client that keeps its claims. */
export interface SwarmGround {
  readonly all: ObservedSwarm;
  readonly own: OwnSwarm;
  readonly managers: Swarm;
}

/** Observes again, because the update that wrote a claim may have gone on since. */
type Again = () => Promise<SwarmGround>;

/** @throws OwnedByOther when the app is another formation's */
export function keyOnSwarm(
  spec: Spec,
  ground: SwarmGround,
  context: HookContext,
  again: Again,
): Promise<string | undefined> {
  return keyOfNew(spec, oneHost(ground), context, async () => oneHost(await again()));
}

function oneHost(ground: SwarmGround) {
  const { claims, others, cluster } = ground.own;
  const observed: ObservedHost = { name: SWARM, address: cluster, engine: cluster, instances: [], strangers: [] };
  return { observed: [{ ...observed, claims, others }], hosts: new Map([[SWARM, keeperOf(ground)]]) };
}

/** @throws OwnedByOther when somebody else was first, or another update of the formation is still under way */
export async function holdOnSwarm(
  { app }: Spec,
  ground: SwarmGround,
  state: Recorded,
  context: HookContext,
  again: Again,
): Promise<Hold> {
  const { cluster, claims } = ground.own;
  const identity = updatingIdentity(state);
  const keeper = keeperOf(ground);
  // An update of the same formation may have given the app another name.
  const open = latestClaims(claims).filter(
    (claim) =>
      (claim.app === app || claim.identity === identity) && claim.begun !== undefined && claim.run !== state.__run,
  );
  for (const one of open) if (await isUnderWay(keeper, one, context)) throw underWayRefusal(one, SWARM);
  // Another formation's update may have made processes after the observation, before it died. They belong to that
  // formation.
  if (open.some((claim) => claim.identity !== identity)) refuseOthers((await again()).own, app);
  const claim = latestClaim(claims, app);
  if (claim?.identity === identity && claim.begun === undefined) return NOTHING_HELD;
  const isNew = state.__app === undefined;
  return takeClaims(
    [{ host: keeper, observed: { engine: cluster, address: cluster, claims }, begun: isNew ? [] : undefined }],
    claimantOf(app, identity, isNew, context),
    context,
  );
}

/** @throws OwnedByOther when services of another formation have the app's name */
export function refuseOthers({ others }: Pick<OwnSwarm, "others">, app: string): void {
  const refusal = otherFormationRefusal([{ name: SWARM, others }], app);
  if (refusal !== undefined) throw refusal;
}

/** @param app the formation's name now; `undefined` when it was destroyed */
export function tidySwarm(ground: SwarmGround, state: Recorded, app: string | undefined): Promise<void> {
  const { claims, services, tasks } = ground.own;
  const left = [...services.map(appOf), ...tasks.filter(mayRun).map(({ labels }) => labels[LABEL.app] ?? "")];
  return tidyClaims(
    {
      observed: [{ name: SWARM, claims, instances: left.map((name) => ({ app: name })) }],
      hosts: new Map([[SWARM, keeperOf(ground)]]),
      rooms: [{ name: SWARM }],
    },
    state,
    app,
    state.__run ?? "",
  );
}

/** A Swarm in the place of a host, under one address, whichever manager answers. */
function keeperOf({ all, managers }: SwarmGround): Witness {
  return {
    name: SWARM,
    address: all.cluster,
    claims: () => managers.claims(),
    claim: (claim) => managers.claim(claim),
    unclaim: (claim) => managers.unclaim(claim),
    variable: (id, name) => {
      const service = all.services.find((service) => service.id === id);
      return Promise.resolve(name === KEY_VARIABLE && service !== undefined ? keyOf(service) : undefined);
    },
  };
}
