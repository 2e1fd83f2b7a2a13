import { plainChange, type Change } from "../../../core/model/change";
import type { ProcessType } from "../../../core/inputs/process-type";
import { formatDuration } from "../../../core/values/units";
import { aroundOf, byHand, outdatedIn, type Draft, type SwarmChange, type Why } from "./draft";
import { desiredService } from "./service/desired";
import { holdAndWait, nodeName, vouching } from "./removal";
import { isNew, withheldFor } from "./former";
import { currentTasks, partOf, stateOf, SWARM } from "./instances";
import { darkNodes, nodeFor, obstacle, refusal } from "./nodes";
import { mayRun, type ObservedNode, type ObservedService, type ObservedTask } from "./observed";
import { emptyingOf, rolloutOf } from "./rollout";
import { isHeld, pinOf, type ServiceSpec } from "./service/service";
import type { SwarmStep } from "./step";

/** Adds the changes of a type that must never run twice: each of them is hold, wait, release. */
export function planSingleton(context: Draft, type: ProcessType): void {
  const { swarm, wanted, abandoned, blocked, changes, shortages, former: old } = context;
  const { spec, formation, identity } = wanted;
  const { service, tasks } = partOf(swarm, spec.app, type.name);
  if ((formation[type.name] ?? 0) === 0) return;
  const dark = darkNodes(swarm, tasks, abandoned);
  const former = service === undefined ? undefined : (pinOf(service.spec) ?? tasks.find(mayRun)?.node);
  const node = type.failover ? undefined : nodeFor(swarm, type, former);
  const around = aroundOf(context, type, service);
  const want = desiredService(spec, type, 1, identity, around, node?.id);
  const [seat] = currentTasks(tasks.filter((task) => task.service === service?.id));
  const why = service === undefined ? undefined : whyChanged(context, type, service, want, node, seat);
  const isCreated = service?.spec.Mode.Replicated.Replicas !== 1;
  const isDown = seat === undefined || stateOf(seat) !== "running";
  const error = seat?.error ?? "";
  const isPut = isCreated || why !== undefined;
  // A pinned singleton is out of service while its node is unreachable: an update must not call that done.
  if (dark.length > 0 && (isPut || !type.failover)) {
    blocked.push({ slot: `${type.name}.1`, host: dark[0] ?? SWARM, why: `left as it is: ${vouching(dark)}` });
    return;
  }
  if (!isPut && !isDown) return;
  const isStarted = isPut && isNew(swarm, spec, type);
  if (isStarted && old.dark.length > 0) {
    blocked.push({ slot: `${type.name}.1`, host: old.dark[0] ?? SWARM, why: `not started: ${vouching(old.dark)}` });
    return;
  }
  const withheld = isStarted ? withheldFor(context) : undefined;
  if (withheld !== undefined) {
    const why = `not started while ${withheld.spec.Name} is there, which an unfinished release gives up: run pulumi up`;
    blocked.push({ slot: `${type.name}.1`, host: SWARM, why });
    return;
  }
  if (node === undefined && !type.failover && swarm.nodes.length > 0) {
    shortages.push(`${type.name}.1 finds no place: ${refusal(swarm, type)}: free a node, or add one`);
    return;
  }
  // A service made by another version, or for a stack of another name, has other labels, and is right all the same.
  const rollout = rolloutOf(type, isPut ? want : service.spec, [1], false);
  const settled: SwarmStep = { op: "settled", rollout, slot: 1 };
  const at = { type: type.name, index: 1, host: node?.name ?? SWARM, singleton: true };
  if (!isPut) {
    const cause = `not running${error === "" ? "" : `: ${error}`}`;
    changes.push(plainChange({ ...at, verb: "start", reason: "repair", cause, steps: [settled] }));
    return;
  }
  const waiting: SwarmStep[] =
    service === undefined
      ? [{ op: "emptied", empty: emptyingOf(want.Labels, false, abandoned) }]
      : holdAndWait(want, service, abandoned);
  const orphans = isStarted ? old.orphans.map((empty): SwarmStep => ({ op: "emptied", empty })) : [];
  const gap = seat !== undefined && mayRun(seat) ? `, stopped up to ${formatDuration(type.settings.stopTimeout)}` : "";
  const onFailure: Change["onFailure"] =
    why !== undefined && why.reason !== "repair" ? type.update.failureAction : "continue";
  const back = onFailure === "rollback" && service !== undefined ? wayBack(context, type, service, waiting) : [];
  changes.push({
    ...at,
    finish: [],
    onFailure,
    verb: isCreated ? "create" : "replace",
    ...(isCreated || why === undefined ? { reason: "scale", cause: "scale up" } : { ...why, cause: why.cause + gap }),
    steps: [...context.secrets, ...orphans, ...waiting, { op: "put", want, over: service }, settled],
    needs: isStarted ? [...old.ends.values()].flat() : [],
    undo: back,
  } satisfies SwarmChange);
}

function whyChanged(
  context: Draft,
  type: ProcessType,
  service: ObservedService,
  want: ServiceSpec,
  node: ObservedNode | undefined,
  seat: ObservedTask | undefined,
): Why | undefined {
  const outdated = outdatedIn(context, type, aroundOf(context, type, service));
  const release = outdated(service.spec.Labels) ?? (seat === undefined ? undefined : outdated(seat.labels));
  if (release !== undefined) return release;
  const had = pinOf(service.spec);
  if (had !== node?.id) return { reason: "release", cause: movedBecause(context, type, had, node) };
  if (isHeld(service.spec)) return { reason: "repair", cause: "left held back by an interrupted update" };
  return byHand(context, want, service);
}

function movedBecause(
  { swarm }: Draft,
  type: ProcessType,
  had: string | undefined,
  node: ObservedNode | undefined,
): string {
  if (had === undefined) return `pinned to ${node?.name ?? SWARM}`;
  const from = nodeName(swarm, had);
  if (node === undefined) return `no longer pinned to ${from}`;
  const former = swarm.nodes.find((node) => node.id === had);
  return `moved from ${from}, which ${former === undefined ? "has left the Swarm" : (obstacle(former, type, true) ?? "it left")}`;
}

/** Steps back to the former service, once the tasks that were told to stop have done so. */
function wayBack(
  { abandoned }: Draft,
  type: ProcessType,
  service: ObservedService,
  forth: readonly SwarmStep[],
): SwarmStep[] {
  if (isHeld(service.spec) || service.spec.Mode.Replicated.Replicas !== 1) return [];
  return [
    ...forth.filter((step) => step.op === "emptied"),
    ...holdAndWait(service.spec, service, abandoned),
    { op: "put", want: service.spec, over: service },
    { op: "settled", rollout: rolloutOf(type, service.spec, [1], true), slot: 1 },
  ];
}
