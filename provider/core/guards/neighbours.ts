import { overlaps, type Bind } from "../values/addresses";
import type { Formation } from "../values/formation";
import type { Spec } from "../inputs/spec";
import { isKnown } from "../values/unknown";

// Formations of one program on the same hosts: in a first preview none of them is there yet, so that none can observe
// another.

export interface Neighbour {
  readonly urn: string;
  readonly app: string;
  readonly orchestrator: Spec["orchestrator"];
  /** The addresses that are known; `found` stands for the engine that is found in the environment. */
  readonly hosts: readonly string[];
  /** Fixed ports by type, when there is only one host. */
  readonly ports: ReadonlyMap<string, Bind>;
}

export function neighbourOf(urn: string, { app, orchestrator, hosts, types }: Spec, formation: Formation): Neighbour {
  const fixed = types.filter(({ name, bind }) => bind.port !== undefined && (formation[name] ?? 0) > 0);
  return {
    urn,
    app,
    orchestrator,
    hosts: hosts.length === 0 ? ["found"] : hosts.flatMap(({ host }) => (isKnown<string>(host) ? [host] : [])),
    // With several hosts, one of them may be free.
    ports: new Map(hosts.length > 1 ? [] : fixed.map(({ name, bind }) => [name, bind])),
  };
}

/** Faults of an app's name, or a fixed port, that another formation of the program has on the same host. */
export function neighbourFaults(own: Neighbour, others: Iterable<Neighbour>): string[] {
  return [...others].flatMap((other) => {
    const shared = other.hosts.filter((host) => own.hosts.includes(host));
    if (other.urn === own.urn || other.orchestrator !== own.orchestrator || shared.length === 0) return [];
    const who = other.urn.split("::").slice(3).join("::");
    if (other.app === own.app)
      return [
        `app ${own.app} is also the app of Formation ${who}, on the same host: give one of them another app name`,
      ];
    return [...own.ports].flatMap(([type, bind]) =>
      [...other.ports.values()].some((port) => overlaps(port, bind))
        ? [
            `processes.${type}.bind fixes host port ${bind.port}, as Formation ${who} does on the same host: give another port`,
          ]
        : [],
    );
  });
}
