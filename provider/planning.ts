import { copyNotes, untilThen } from "./core/notes";
import { latestClaim } from "./core/claim";
import { FormationError } from "./core/errors";
import { limitRefusal, networkRefusal } from "./core/bearing";
import type { Formation } from "./core/formation";
import type { ObservedHost } from "./core/observed";
import { plan } from "./core/docker-plan";
import type { Plan } from "./core/plan";
import type { Room } from "./core/placement";
import {
  conflictRefusal,
  healthRefusal,
  imageRefusal,
  missingImageRefusal,
  otherFormationRefusal,
} from "./core/refusals";
import { keepsReleases } from "./core/request";
import type { Spec } from "./core/spec";
import { identityIn, formerShares, type Recorded } from "./core/state";
import { claimedRefusal } from "./claiming";
import type { Surroundings } from "./surroundings";
import type { World } from "./world";

/** Plans, unless something on a host forbids any change at all: then it throws. */
export function planFor(spec: Spec, formation: Formation, world: World, state: Recorded, around: Surroundings): Plan {
  const { rooms, observed, astray } = world;
  // An address that was found, not declared, may lead anywhere: nothing is done on other engines because of it.
  if (astray !== undefined)
    return {
      changes: [],
      blocked: [{ slot: spec.app, host: observed[0]?.name ?? "", why: `nothing is done: ${astray}` }],
      shortages: [],
      notes: [],
    };
  const identity = { owner: around.owner, key: state.__key ?? "" };
  const made = plan(
    {
      spec,
      formation,
      rooms,
      identity,
      former: formerShares(state),
      ...(state.instances === undefined ? {} : { remembered: new Set(state.instances.map((one) => one.container)) }),
      ...(state.__released === undefined ? {} : { released: state.__released }),
      keepsReleases: keepsReleases(around.request),
      rebalance: typeof spec.rebalance === "string" && spec.rebalance !== state.__rebalanced,
    },
    observed,
  );
  const isDeclared = ({ name }: ObservedHost) => rooms.some((room) => room.name === name && !room.abandoned);
  const refusal =
    otherFormationRefusal(observed, spec.app) ??
    claimRefusal(world, spec, state) ??
    imageRefusal(made.changes, observed.filter(isDeclared), spec) ??
    healthRefusal(made.changes, observed, spec);
  if (refusal !== undefined) throw refusal;
  return { ...made, notes: [...made.notes, ...groundNotes(made, observed, spec, around), ...copyNotes(observed)] };
}

/** The plan of a first deployment, in which hosts that cannot be reached yet count as empty. */
export function planOfEmpty(
  spec: Spec,
  formation: Formation,
  rooms: readonly Room[],
  observed: readonly ObservedHost[],
  around: Surroundings,
): Plan {
  const hosts = reachableOr(rooms, observed);
  // A host that cannot be asked does not lack anything for sure.
  const seen = observed.filter(({ lost }) => lost === undefined);
  const made = plan({ spec, formation, rooms, identity: { owner: around.owner, key: "" } }, hosts);
  const refusal = around.awaits === true ? undefined : imageRefusal(made.changes, hosts, spec);
  if (refusal !== undefined) throw refusal;
  return { ...made, notes: [...made.notes, ...groundNotes(made, seen, spec, around), ...copyNotes(hosts)] };
}

/** Each declared host as observed; one that was not reached counts as empty. */
export function reachableOr(rooms: readonly Room[], observed: readonly ObservedHost[]): ObservedHost[] {
  const none = { address: "", engine: "", instances: [], strangers: [] };
  const seen = observed.filter(({ lost }) => lost === undefined);
  return rooms.map(({ name }) => seen.find((host) => host.name === name) ?? { name, ...none });
}

/**
 * Notes on the hosts that a person should read before confirming.
 *
 * @throws when the plan cannot be carried out there
 */
function groundNotes(
  { changes, shortages }: Plan,
  observed: readonly ObservedHost[],
  spec: Spec,
  { awaits = false }: Pick<Surroundings, "awaits">,
): string[] {
  const absent = networkRefusal(changes, observed, spec) ?? missingImageRefusal(changes, observed, spec);
  const refusal =
    (awaits ? undefined : absent) ??
    limitRefusal(changes, observed) ??
    conflictRefusal(changes, observed, spec) ??
    (shortages.length === 0 ? undefined : new FormationError("NoRoom", shortages.join("\n")));
  if (refusal !== undefined) throw refusal;
  return absent === undefined ? [] : [untilThen(absent)];
}

/** Refuses an app's name that belongs to another formation on a declared host, even one without processes there. */
function claimRefusal(
  { observed, rooms }: World,
  { app, takeOver }: Spec,
  state: Recorded,
): FormationError | undefined {
  // A formation without processes whose state was lost has nothing left but its claims.
  const own = [identityIn(state), takeOver];
  for (const { name } of rooms) {
    const host = observed.find((one) => one.name === name);
    const claim = latestClaim(host?.claims ?? [], app);
    // A claim that an update has left open is judged by `hold`, once there is something to do.
    if (claim !== undefined && !own.includes(claim.identity) && claim.begun === undefined)
      return claimedRefusal(claim, name);
  }
  return undefined;
}
