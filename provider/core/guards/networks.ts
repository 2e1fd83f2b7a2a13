import { entryOf } from "../values/entry";
import { isKnown } from "../values/unknown";
import { appNetworks, isAlone, isOfEngine, networksIn, type Network } from "../inputs/container/networks";
import type { Inputs } from "../inputs/inputs";
import type { ProcessType } from "../inputs/process-type";

/** Networks as given in one place, and the types that join them. */
interface Place {
  /** Path and verb of the input: `network is`, `processes.web.networks has`. */
  readonly words: string;
  readonly path: string;
  readonly networks: readonly Network[];
  readonly types: readonly ProcessType[];
}

function placesIn(given: Inputs, types: readonly ProcessType[]): Place[] {
  const ownOf = ({ name }: ProcessType) => entryOf(given.processes ?? {}, name)?.networks;
  const app: Place = {
    words: given.networks === undefined ? "network is" : "networks has",
    path: "networks",
    networks: appNetworks(given),
    types: types.filter((type) => ownOf(type) === undefined),
  };
  const others = types.flatMap((type): Place[] => {
    const own = ownOf(type);
    const path = `processes.${type.name}.networks`;
    return own === undefined ? [] : [{ words: `${path} has`, path, networks: networksIn(own), types: [type] }];
  });
  return [app, ...others];
}

/** Faults of networks that contradict each other, whoever is to join them. */
export function networkFaults(given: Inputs, types: readonly ProcessType[]): string[] {
  const both =
    given.network === undefined || given.networks === undefined
      ? []
      : ["network and networks are both given: put the one into networks, and leave network out"];
  return [...both, ...placesIn(given, types).flatMap((place) => [...twiceFaults(place), ...companyFaults(place)])];
}

function twiceFaults({ words, networks }: Place): string[] {
  const names = namesOf(networks);
  const twice = new Set(names.filter((name, at) => names.indexOf(name) !== at));
  return [...twice].map((name) => `${words} ${JSON.stringify(name)} twice: name it once`);
}

function companyFaults({ words, path, networks }: Place): string[] {
  return networks.flatMap(({ name, aliases }) => {
    if (!isKnown<string>(name) || !isOfEngine(name)) return [];
    return [
      ...(isAlone(name) && networks.length > 1
        ? [`${words} ${JSON.stringify(name)}, beside which an engine takes no other: leave it or the others out`]
        : []),
      ...(aliases.length > 0
        ? [`${path}.${name}.aliases are not known on the engine's own network: leave them out, or make a network`]
        : []),
    ];
  });
}

/** Faults of a network's name that means something else to an engine of one's own. */
export function engineNetworkFaults(given: Inputs, all: readonly ProcessType[]): string[] {
  return placesIn(given, all).flatMap(({ words, networks, types }) => {
    const names = namesOf(networks);
    const shared = names.filter((name) => name.startsWith("container:"));
    if (shared.length > 0)
      return shared.map(
        (name) =>
          `${words} ${JSON.stringify(name)}, but a process has a host name of its own, which no engine takes there: give a Docker network's name`,
      );
    const closed = names.find((name) => name === "host" || name === "none");
    const published = types.find(({ port }) => port !== undefined);
    if (closed === undefined || published === undefined) return [];
    return [
      `${words} ${JSON.stringify(closed)}, where no port is published: take processes.${published.name}.port out, or give a Docker network's name`,
    ];
  });
}

function namesOf(networks: readonly Network[]): string[] {
  return networks.flatMap(({ name }) => (isKnown<string>(name) ? name : []));
}
