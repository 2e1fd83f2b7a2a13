import type { Change, Reason, Verb } from "../../../core/model/change";
import type { ProcessType } from "../../../core/inputs/process-type";
import { aroundOf, byHand, outdatedIn, type Draft, type SwarmChange, type Why } from "./draft";
import { desiredService } from "./service/desired";
import { currentTasks, doublesIn, partOf, stateOf, SWARM } from "./instances";
import type { ObservedService, ObservedTask } from "./observed";
import { rolloutOf } from "./rollout";
import { withReplicas } from "./service/service";
import type { SwarmStep } from "./step";

interface Line extends Why {
  readonly index: number;
  readonly verb: Verb;
}

/** Adds the changes of a type that may run any number of times: one call to the Swarm, a line for each slot. */
export function planReplicas(context: Draft, type: ProcessType): void {
  const { swarm, wanted } = context;
  const { spec, formation, identity } = wanted;
  const quantity = formation[type.name] ?? 0;
  const { service, tasks } = partOf(swarm, spec.app, type.name);
  if (service === undefined && quantity === 0) return;

  const around = aroundOf(context, type, service);
  const want = desiredService(spec, type, quantity, identity, around, undefined);
  const outdated = outdatedIn(context, type, around);
  const own = tasks.filter((task) => task.service === service?.id);
  const seats = currentTasks(own);
  const why = service === undefined ? undefined : (outdated(service.spec.Labels) ?? byHand(context, want, service));
  const twice = new Set(
    doublesIn(own)
      .filter((task) => outdated(task.labels) === undefined)
      .map((task) => task.slot),
  );
  const lines = linesOf(seats, quantity, (task) => why ?? outdated(task.labels) ?? runsTwice(twice, task));
  const had = service?.spec.Mode.Replicated.Replicas ?? 0;
  if (lines.length === 0 && why !== undefined) lines.push(asAWhole(why.reason, `${why.cause}, none runs`));
  if (lines.length === 0 && had !== quantity) lines.push(asAWhole("repair", `scaled to ${had} by hand`));
  if (lines.length === 0) return;

  const isReplaced = lines.some((line) => line.verb === "replace" && line.index > 0);
  const isRelease = isReplaced && lines.some((line) => line.verb === "replace" && line.reason !== "repair");
  const isPut = had !== quantity || lines.some((line) => line.verb !== "start");
  const proved = seats.some((task) => stateOf(task) === "running" && (why ?? outdated(task.labels)) === undefined);
  // A change of the quantity, or of tasks that lag behind their service, leaves all else of the service as it is.
  const isCount = service !== undefined && why === undefined;
  const next = isCount ? withReplicas(service.spec, quantity) : want;
  const put: SwarmStep[] = isPut ? [...context.secrets, { op: "put", want: next, over: service }] : [];
  const onFailure: Change["onFailure"] = isRelease ? type.update.failureAction : "continue";
  const slots = lines.map((line) => line.index);
  const rollout = rolloutOf(type, next, slots, proved, onFailure);
  const back = onFailure === "rollback" ? wayBack(type, service, want.Name, seats) : () => [];
  context.changes.push(
    ...lines.map(({ index, verb, reason, cause }): SwarmChange => ({
      type: type.name,
      index,
      host: SWARM,
      singleton: false,
      verb,
      reason,
      cause,
      needs: [],
      finish: [],
      onFailure,
      undo: back(index),
      steps: [...put, { op: "settled", rollout, slot: index }],
    })),
  );
}

function runsTwice(twice: ReadonlySet<number>, { slot }: ObservedTask): Why | undefined {
  return twice.has(slot) ? { reason: "repair", cause: "runs twice" } : undefined;
}

function asAWhole(reason: Reason, cause: string): Line {
  return { index: 0, verb: "replace", reason, cause };
}

/**
 * The lines of a plan, one for each slot that changes. The Swarm itself ends stopped tasks first, and chooses among the
 * others.
 */
function linesOf(
  seats: readonly ObservedTask[],
  quantity: number,
  outdated: (task: ObservedTask) => Why | undefined,
): Line[] {
  const isDown = (task: ObservedTask) => (stateOf(task) === "running" ? 0 : 1);
  const ranked = [...seats].sort((a, b) => isDown(a) - isDown(b) || a.slot - b.slot);
  const kept = ranked.slice(0, quantity);
  const taken = new Set(kept.map((task) => task.slot));
  const lines: Line[] = kept.flatMap((task): Line[] => {
    const why = outdated(task);
    if (why !== undefined) return [{ index: task.slot, verb: "replace", ...why }];
    if (stateOf(task) === "running") return [];
    const words = task.error === "" ? "" : `: ${task.error}`;
    return [{ index: task.slot, verb: "start", reason: "repair", cause: `not running${words}` }];
  });
  for (const { slot } of ranked.slice(quantity))
    lines.push({ index: slot, verb: "remove", reason: "scale", cause: "scale down, the Swarm chooses which" });
  for (let index = 1, missing = quantity - kept.length; missing > 0; index++) {
    if (taken.has(index)) continue;
    lines.push({ index, verb: "create", reason: "scale", cause: "scale up" });
    missing--;
  }
  return lines;
}

/** Steps that put the service back as it was; a new one is removed. */
function wayBack(
  type: ProcessType,
  service: ObservedService | undefined,
  name: string,
  seats: readonly ObservedTask[],
): (index: number) => SwarmStep[] {
  if (service === undefined) {
    const steps: SwarmStep[] = [{ op: "delete", service: name }];
    return () => steps;
  }
  const restore: SwarmStep = { op: "put", want: service.spec, over: service };
  const rollout = rolloutOf(
    type,
    service.spec,
    seats.map((task) => task.slot),
    true,
  );
  return (slot) => [restore, { op: "settled", rollout, slot }];
}
