import { plainChange } from "../../../core/model/change";
import { LABEL } from "../../../core/model/labels";
import type { Draft, SwarmChange } from "./draft";
import { serviceName } from "./service/desired";
import { currentTasks, partOf, SWARM } from "./instances";
import { darkNodes } from "./nodes";
import { appOf, typeOf, type ObservedService, type ObservedSwarm } from "./observed";
import { emptyingOf } from "./rollout";
import { held, type ServiceSpec } from "./service/service";
import type { Emptying, SwarmStep } from "./step";

/**
 * Hold: in one call, the old process is told to stop and no other is started. Then wait: a process that stops stays
 * visible until it has ended. The Swarm may lose track of it when the service is scaled to 0, updated or removed
 * meanwhile.
 */
export function holdAndWait(spec: ServiceSpec, over: ObservedService, abandoned: readonly string[]): SwarmStep[] {
  return [
    { op: "put", want: held(spec, over.spec.Mode.Replicated.Replicas), over },
    { op: "emptied", empty: { ...emptyingOf(over.spec.Labels, true, abandoned), ...aloneIfSecond(over) } },
  ];
}

interface Ending {
  readonly service: ObservedService;
  readonly cause: string;
  /** True when it may be a singleton: then its end must be observed. */
  readonly isStrict: boolean;
}

/** Ends a service: one change for each of its slots, or one for a service that has none. */
export function removal(
  { swarm, abandoned }: Pick<Draft, "swarm" | "abandoned">,
  { service, cause, isStrict }: Ending,
  needs: readonly SwarmChange[] = [],
): SwarmChange[] {
  const type = typeOf(service);
  const steps = isStrict ? strictSteps(service, abandoned) : lenientSteps(service, abandoned);
  const current = currentTasks(swarm.tasks.filter((task) => task.service === service.id));
  const seats = new Map(current.map(({ slot, node }) => [slot, isStrict ? nodeName(swarm, node) : SWARM]));
  return [...(seats.size === 0 ? new Map([[0, SWARM]]) : seats)].map(([index, host]) =>
    plainChange({ type, index, host, singleton: isStrict, verb: "remove", reason: "scale", cause, steps, needs }),
  );
}

function strictSteps(service: ObservedService, abandoned: readonly string[]): SwarmStep[] {
  return [...holdAndWait(service.spec, service, abandoned), { op: "delete", service: service.spec.Name }];
}

function lenientSteps(service: ObservedService, abandoned: readonly string[]): SwarmStep[] {
  const empty = { ...emptyingOf(service.spec.Labels, false, abandoned, true), ...aloneIfSecond(service) };
  return [
    { op: "delete", service: service.spec.Name },
    { op: "emptied", empty },
  ];
}

/** Waits for the tasks of a second service alone: it is empty although the first of its type still runs. */
function aloneIfSecond(service: ObservedService): Pick<Emptying, "service"> {
  return isSecond(service) ? { service: service.id } : {};
}

/** True when a service has the labels of one of ours, but another name than we give it. */
export function isSecond(service: ObservedService): boolean {
  return service.spec.Name !== serviceName(appOf(service), typeOf(service));
}

/**
 * Removes a service, or blocks its removal when it may be a singleton and its end cannot be observed.
 *
 * @param advice hint about nodes that are off
 * @returns the changes that end it
 */
export function end(
  context: Pick<Draft, "swarm" | "abandoned" | "blocked" | "changes">,
  ending: Ending,
  advice = inProgram,
): readonly SwarmChange[] {
  const { swarm, abandoned, blocked, changes } = context;
  const { service, cause, isStrict } = ending;
  const { tasks } = partOf(swarm, appOf(service), typeOf(service));
  const own = isSecond(service) ? tasks.filter((task) => task.service === service.id) : tasks;
  const dark = isStrict ? darkNodes(swarm, own, abandoned) : [];
  if (dark.length > 0) {
    const why = `${cause}, but ${vouching(dark, advice)}`;
    blocked.push({ slot: `${typeOf(service)}.1`, host: dark[0] ?? SWARM, why });
    return [];
  }
  const ends = removal(context, ending);
  changes.push(...ends);
  return ends;
}

const inProgram = (dark: readonly string[]) => `say abandonedNodes: ${JSON.stringify(dark)}`;

/** Advice for a delete, which only the stack's config reaches. */
export const inConfig = (dark: readonly string[]) =>
  `run ${dark.map((name, at) => `pulumi config set --path 'formation:abandoned[${at}]' ${name}`).join("; ")}, then destroy again`;

/** @param dark names of nodes, one at least */
export function vouching(dark: readonly string[], advice = inProgram): string {
  const one = dark.length === 1;
  return `${dark.join(", ")} cannot be reached and may still run one: wait until ${one ? "it is" : "they are"} back or, if ${one ? "it is" : "they are"} off, ${advice(dark)}`;
}

export function isSingleton({ spec }: ObservedService): boolean {
  return spec.Labels[LABEL.singleton] === "true";
}

export function nodeName(swarm: ObservedSwarm, id: string | undefined): string {
  return id === undefined ? SWARM : (swarm.nodes.find((node) => node.id === id)?.name ?? id);
}
