import { formatEndpoint, hostName, reachableAddress } from "../values/addresses";
import { entryOf } from "../values/entry";
import { compare, type Formation } from "../values/formation";
import { ONE_OFF } from "../values/names";
import type { ObservedHost } from "../model/observed";
import type { Outputs } from "./outputs";
import { pairOf, seatsOf } from "../model/host-ports";
import type { ProcessType } from "../inputs/process-type";
import type { DeclaredHost, Spec } from "../inputs/spec";
import { TRAITS } from "../inputs/traits";
import { isKnown } from "../values/unknown";

type Backends = Pick<Outputs, "backends" | "backendsByHost">;

/**
 * Every address that a process of each type may have: of all slots that there may be, on all hosts that may have them,
 * and of the pairs of ports that processes are in. An address that another slot's process holds is left out.
 * On the loopback addresses of two hosts the same address is two: only its host tells where it leads.
 */
export function backendsOf(hosts: readonly ObservedHost[], formation: Formation, spec: Spec): Backends {
  const published = spec.types.filter(({ port }) => port !== undefined);
  const byHost = published.flatMap((type): [string, Record<string, string[]>][] => {
    const all = hosts.flatMap((host): [string, string[]][] => {
      const addresses = sorted(addressesOn(host, type, formation, spec));
      return addresses.length === 0 ? [] : [[host.name, addresses]];
    });
    return all.length === 0 ? [] : [[type.name, Object.fromEntries(all)]];
  });
  return {
    backends: Object.fromEntries(byHost.map(([type, hosts]) => [type, sorted(Object.values(hosts).flat())])),
    backendsByHost: Object.fromEntries(byHost),
  };
}

function sorted(addresses: readonly string[]): string[] {
  return [...new Set(addresses)].sort(compare);
}

function addressesOn(host: ObservedHost, type: ProcessType, formation: Formation, spec: Spec): string[] {
  const all = host.instances.filter((instance) => instance.type !== ONE_OFF);
  const own = all.filter((instance) => instance.type === type.name);
  const at = (address: string, port: number) => formatEndpoint(reachableAddress(host.address, address), port);
  const now = own.flatMap(({ published }) => (published === undefined ? [] : [at(published.address, published.port)]));
  // An orchestrator that places processes itself also chooses their ports: only observed addresses are known.
  if (TRAITS[spec.orchestrator].placesItself) return now;
  const seats = seatsOf(spec.app, spec.types, type.name);
  const slots = allows(spec, type, host) ? slotsOf(type, formation, own) : [];
  const homes = slots.flatMap((index) =>
    (type.bind.port === undefined ? seats.of(index) : [type.bind.port]).map((port) => ({
      index,
      port,
      address: type.bind.address,
    })),
  );
  const pairs = own.flatMap(({ index, published }) =>
    published === undefined ? [] : pairOf(published.port).map((port) => ({ index, port, address: published.address })),
  );
  const others = (port: number, index: number) =>
    all.some(
      (instance) => instance.published?.port === port && (instance.type !== type.name || instance.index !== index),
    );
  const may = [...homes, ...pairs].filter(({ index, port }) => !others(port, index));
  return [...now, ...may.map(({ address, port }) => at(address, port))];
}

/** All slots that the type may have: up to its declared maximum, its quantity, and the highest index observed. */
function slotsOf(
  { name, declaredMax = 0 }: ProcessType,
  formation: Formation,
  own: readonly { readonly index: number }[],
): number[] {
  const most = Math.max(declaredMax, entryOf(formation, name) ?? 0, ...own.map(({ index }) => index));
  return Array.from({ length: most }, (_, at) => at + 1);
}

/** True when a host is declared, or found in the environment, and has the labels that the type asks for. */
function allows({ hosts }: Spec, { placement }: ProcessType, { name }: ObservedHost): boolean {
  if (hosts.length === 0) return Object.keys(placement).length === 0;
  const nameOf = (one: DeclaredHost) => one.name ?? (isKnown<string>(one.host) ? hostName(one.host) : "");
  const declared = hosts.find((one) => nameOf(one) === name);
  return (
    declared !== undefined &&
    Object.entries(placement).every(([label, value]) => entryOf(declared.labels ?? {}, label) === value)
  );
}
