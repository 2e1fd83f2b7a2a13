import { plainChange } from "../change";
import { LABEL } from "../labels";
import type { Context, SwarmChange } from "./context";
import { currentTasks, partOf, SWARM } from "./instances";
import { darkNodes } from "./nodes";
import { appOf, typeOf, type ObservedService, type ObservedSwarm } from "./observed";
import { emptyingOf } from "./rollout";
import { held, type ServiceSpec } from "./service";
import type { SwarmStep } from "./step";

/**
 * Hold: the old process is told to stop, and no other is started, in one call. Then wait: what stops stays visible until
 * it has ended. A service that is scaled to 0, updated or removed while its process stops may lose sight of it.
 */
export function holdAndWait(spec: ServiceSpec, over: ObservedService, abandoned: readonly string[]): SwarmStep[] {
  return [
    { op: "put", want: held(spec), over },
    { op: "emptied", empty: emptyingOf(over.spec.Labels, true, abandoned) },
  ];
}

/** Ends a service: one change for each of its slots, or one for a service that has none. */
export function removal(
  swarm: ObservedSwarm,
  service: ObservedService,
  cause: string,
  abandoned: readonly string[],
  needs: readonly SwarmChange[] = [],
): SwarmChange[] {
  const [type, singleton] = [typeOf(service), isSingleton(service)];
  const steps = removalSteps(service, abandoned);
  const current = currentTasks(partOf(swarm, appOf(service), type).tasks);
  const seats = new Map(current.map(({ slot, node }) => [slot, singleton ? nodeName(swarm, node) : SWARM]));
  return [...(seats.size === 0 ? new Map([[0, SWARM]]) : seats)].map(([index, host]) =>
    plainChange({ type, index, host, singleton, verb: "remove", reason: "scale", cause, steps, needs }),
  );
}

function removalSteps(service: ObservedService, abandoned: readonly string[]): SwarmStep[] {
  const remove: SwarmStep = { op: "delete", service: service.spec.Name };
  if (isSingleton(service)) return [...holdAndWait(service.spec, service, abandoned), remove];
  return [remove, { op: "emptied", empty: emptyingOf(service.spec.Labels, false, abandoned, true) }];
}

/** Removes a service, or says why that must wait, as it must for a singleton that cannot be seen to end. */
export function end(
  { swarm, abandoned, blocked, changes }: Pick<Context, "swarm" | "abandoned" | "blocked" | "changes">,
  service: ObservedService,
  cause: string,
): void {
  const { tasks } = partOf(swarm, appOf(service), typeOf(service));
  const dark = isSingleton(service) ? darkNodes(swarm, tasks, abandoned) : [];
  if (dark.length === 0) changes.push(...removal(swarm, service, cause, abandoned));
  else blocked.push({ slot: `${typeOf(service)}.1`, host: dark[0] ?? SWARM, why: `${cause}, but ${vouching(dark)}` });
}

/** @param dark names of nodes, one at least */
export function vouching(dark: readonly string[]): string {
  const one = dark.length === 1;
  return `${dark.join(", ")} cannot be reached and may still run one: wait until ${one ? "it is" : "they are"} back or, if ${one ? "it is" : "they are"} off, say abandonedNodes: ${JSON.stringify(dark)}`;
}

export function isSingleton({ spec }: ObservedService): boolean {
  return spec.Labels[LABEL.singleton] === "true";
}

export function nodeName(swarm: ObservedSwarm, id: string | undefined): string {
  return id === undefined ? SWARM : (swarm.nodes.find((node) => node.id === id)?.name ?? id);
}
