import { slotOf, type Change } from "../../../core/model/change";
import { beyondRepair, changedByHand, type Why } from "../../../core/model/outdated";
import { endings, type Draft } from "./draft";
import { isRunning, type ObservedInstance } from "../../../core/model/observed";
import type { ProcessType } from "../../../core/inputs/process-type";
import { isFormer } from "./interrupted";
import type { Keeper } from "./type-changes";
import { seat, type Seating } from "./seating";
import type { Placed } from "./slots";
import { obstacles, typePlan, watchOf, type TypePlan } from "./type-plan";
import { stopFirst } from "./stop-first";
import { startFirst } from "./start-first";

/**
 * Plans everything for one type.
 *
 * @param all the type's containers, wherever they are
 * @param removed removals of types that are no longer declared: one of them may have got this type's name
 */
export function planType(
  context: Draft,
  type: ProcessType,
  all: readonly ObservedInstance[],
  removed: readonly Change[],
): Change[] {
  const plan = typePlan(context, type, all);
  const seats = seat(plan, all);
  const kept = withoutDoubles(context, seats).map((instance): Keeper => ({
    one: instance,
    why: whyReplaced(plan, instance),
  }));
  const onFailure = isRelease(plan, kept, seats.placed) ? type.update.failureAction : "continue";
  const watch = watchOf(
    type,
    kept.some(({ one, why }) => isRunning(one) && why === undefined),
  );
  const gone = [
    ...endings(context, seats.twins, "repair", (instance) =>
      isFormer(instance) ? "left by an interrupted release" : `twin of ${slotOf(instance)}`,
    ),
    ...endings(context, seats.surplus, "scale", () => "scale down"),
  ];
  const before = obstacles(plan, gone, removed);
  return plan.stopsFirst
    ? stopFirst({ plan, watch, onFailure }, seats, kept, gone, removed)
    : startFirst({ plan, watch, onFailure, before, returning: new Set() }, seats, kept, gone);
}

/** Leaves a stopped container alone while another one of the same slot still runs on another host. */
function withoutDoubles({ blocked }: Draft, { kept, staying }: Seating): ObservedInstance[] {
  const running = new Map(staying.filter(isRunning).map((instance) => [instance.index, instance]));
  return kept.filter((instance) => {
    const other = running.get(instance.index);
    if (other === undefined || isRunning(instance)) return true;
    blocked.push({
      slot: slotOf(instance),
      host: instance.host,
      why: `not started on ${instance.host} while it runs on ${other.host}`,
    });
    return false;
  });
}

function whyReplaced({ outdated, type, context }: TypePlan, instance: ObservedInstance): Why | undefined {
  if (instance.state === "unknown") return undefined;
  const isJudged = context.wanted.keepsReleases !== true;
  return outdated(instance) ?? beyondRepair(instance) ?? (isJudged ? changedByHand(instance, type) : undefined);
}

/** True when a failure concerns all of the type: not for the repair of one process, or one that is added. */
function isRelease(plan: TypePlan, kept: readonly Keeper[], placed: readonly Placed[]): boolean {
  return (
    kept.some(({ why }) => why !== undefined && why.reason !== "repair") ||
    placed.some(({ from }) => from !== undefined && (plan.stopsFirst || plan.outdated(from) !== undefined))
  );
}
