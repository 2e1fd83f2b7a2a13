import { imageNotes, ownCommandRefusal } from "../../core/plan/image-notes";
import { copyNotes, untilThen } from "../../core/plan/notes";
import { latestClaim } from "../../core/model/claim";
import { FormationError } from "../../core/values/errors";
import { limitRefusal, networkRefusal } from "./plan/bearing";
import type { Formation } from "../../core/values/formation";
import type { ObservedHost } from "../../core/model/observed";
import { plan } from "./plan/plan";
import type { Plan } from "../../core/plan/plan";
import type { Room } from "./plan/placement";
import {
  conflictRefusal,
  healthRefusal,
  imageRefusal,
  missingImageRefusal,
  otherFormationRefusal,
} from "../../core/plan/refusals";
import { keepsReleases } from "../../core/inputs/operator-request";
import type { Spec } from "../../core/inputs/spec";
import { identityIn, formerShares, type Recorded } from "../../core/record/state";
import { claimedRefusal } from "../claiming";
import type { HookContext } from "../hook-context";
import type { Observation } from "./observe";

/** Plans, unless something on a host forbids any change at all: then it throws. */
export function planFor(
  spec: Spec,
  formation: Formation,
  world: Observation,
  state: Recorded,
  context: HookContext,
): Plan {
  const { rooms, observed, astray } = world;
  // An address that was found, not declared, may lead anywhere: nothing is done on other engines because of it.
  if (astray !== undefined)
    return {
      changes: [],
      blocked: [{ slot: spec.app, host: observed[0]?.name ?? "", why: `nothing is done: ${astray}` }],
      shortages: [],
      notes: [],
    };
  const identity = { owner: context.owner, key: state.__key ?? "" };
  const made = plan(
    {
      spec,
      formation,
      rooms,
      identity,
      former: formerShares(state),
      ...(state.instances === undefined ? {} : { remembered: new Set(state.instances.map((one) => one.container)) }),
      ...(state.__released === undefined ? {} : { released: state.__released }),
      keepsReleases: keepsReleases(context.request),
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
  return { ...made, notes: [...made.notes, ...groundNotes(made, observed, spec, context), ...copyNotes(observed)] };
}

/** The plan of a first deployment, in which hosts that cannot be reached yet count as empty. */
export function planOfEmpty(
  spec: Spec,
  formation: Formation,
  rooms: readonly Room[],
  observed: readonly ObservedHost[],
  context: HookContext,
): Plan {
  const hosts = reachableOr(rooms, observed);
  const made = plan({ spec, formation, rooms, identity: { owner: context.owner, key: "" } }, hosts);
  const refusal = context.awaits === true ? undefined : imageRefusal(made.changes, hosts, spec);
  if (refusal !== undefined) throw refusal;
  return { ...made, notes: [...made.notes, ...groundNotes(made, observed, spec, context), ...copyNotes(hosts)] };
}

/** Each declared host as observed; one that was not reached counts as empty. */
export function reachableOr(rooms: readonly Room[], observed: readonly ObservedHost[]): ObservedHost[] {
  const none = { address: "", engine: "", instances: [], strangers: [] };
  const seen = observed.filter(({ unreachable }) => unreachable === undefined);
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
  { awaits = false }: Pick<HookContext, "awaits">,
): string[] {
  const absent = networkRefusal(changes, observed) ?? missingImageRefusal(changes, observed, spec);
  const refusal =
    (awaits ? undefined : absent) ??
    ownCommandRefusal(changes, observed, spec) ??
    limitRefusal(changes, observed) ??
    conflictRefusal(changes, observed, spec) ??
    (shortages.length === 0 ? undefined : new FormationError("NoRoom", shortages.join("\n")));
  if (refusal !== undefined) throw refusal;
  return [...(absent === undefined ? [] : [untilThen(absent)]), ...imageNotes(changes, observed, spec)];
}

/** Refuses an app's name that belongs to another formation on a declared host, even one without processes there. */
function claimRefusal(
  { observed, rooms }: Observation,
  { app, takeOver }: Spec,
  state: Recorded,
): FormationError | undefined {
  // A formation without processes whose state was lost has nothing left but its claims.
  const own = [identityIn(state), takeOver];
  for (const { name } of rooms) {
    const host = observed.find((host) => host.name === name);
    const claim = latestClaim(host?.claims ?? [], app);
    // A claim that an update has left open is judged by `hold`, once there is something to do.
    if (claim !== undefined && !own.includes(claim.identity) && claim.begun === undefined)
      return claimedRefusal(claim, name);
  }
  return undefined;
}
