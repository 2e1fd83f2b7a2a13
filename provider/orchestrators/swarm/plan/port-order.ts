import type { SwarmChange } from "./draft";
import { heldName } from "./service/desired";
import type { ObservedService } from "./observed";
import { isHeld } from "./service/service";

// A Swarm gives a published port, and a name in whatever case, to one service at a time: its holder goes before the
// service that is to have it.

/** True when a service has a port or the name that one of the changes brings. */
export function isInTheWay(service: ObservedService, changes: readonly SwarmChange[]): boolean {
  const ports = publishedBy(service);
  const held = heldName(service.spec.Name);
  return changes.some(
    (change) => newPorts(change).some((port) => ports.has(port)) || newNames(change).some((name) => name === held),
  );
}

/**
 * Makes each change wait for the end of the service that has its port. @param ends changes that end each leaving
 * service
 */
export function afterPortsAreFree(
  changes: readonly SwarmChange[],
  ends: ReadonlyMap<ObservedService, readonly SwarmChange[]>,
): SwarmChange[] {
  return changes.map((change) => {
    const before = [...ends].flatMap(([service, all]) => (isInTheWay(service, [change]) ? all : []));
    const more = before.filter((one) => !change.needs.includes(one));
    return more.length === 0 ? change : { ...change, needs: [...change.needs, ...more] };
  });
}

function publishedBy({ spec, meshPorts }: ObservedService): ReadonlySet<number> {
  const ports = [...spec.EndpointSpec.Ports.map((port) => port.PublishedPort), ...meshPorts.map(({ port }) => port)];
  return new Set(ports.filter((port) => port > 0));
}

/** Names of the services that a change makes, as a Swarm holds them. */
function newNames({ steps }: SwarmChange): string[] {
  return steps.flatMap((step) => (step.op === "put" && step.over === undefined ? [heldName(step.want.Name)] : []));
}

/** Fixed ports that a change publishes and its service did not have before. */
function newPorts({ verb, steps }: SwarmChange): number[] {
  if (verb === "remove") return [];
  return steps.flatMap((step) => {
    if (step.op !== "put" || isHeld(step.want)) return [];
    const had = step.over === undefined ? new Set<number>() : publishedBy(step.over);
    return step.want.EndpointSpec.Ports.map((port) => port.PublishedPort).filter((port) => port > 0 && !had.has(port));
  });
}
