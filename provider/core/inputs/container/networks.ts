import { compare } from "../../values/formation";
import { hostLabel } from "../../values/names";
import { isKnown, type Maybe } from "../../values/unknown";
import type { Inputs } from "../inputs";
import type { NetworkInputs } from "./network-inputs";

/** A network that processes join, and the names that they are given there beside those of their type. */
export interface Network {
  readonly name: Maybe<string>;
  readonly aliases: readonly Maybe<string>[];
}

/** The networks of the whole app. */
export function appNetworks({ network, networks }: Pick<Inputs, "network" | "networks">): readonly Network[] {
  if (networks !== undefined) return networksIn(networks);
  return network === undefined ? [] : [{ name: network, aliases: [] }];
}

/** Parses networks. Their order has no meaning, so they are sorted. */
export function networksIn(given: NonNullable<NetworkInputs["networks"]>): readonly Network[] {
  if (!isKnown<object>(given)) return [{ name: given, aliases: [] }];
  const all: readonly Network[] = Array.isArray(given)
    ? given.map((name: Maybe<string>) => ({ name, aliases: [] }))
    : Object.entries(given).map(([name, { aliases = [] }]: [string, { aliases?: Maybe<string>[] | undefined }]) => ({
        name,
        aliases,
      }));
  return [...all].sort((a, b) => compare(String(a.name), String(b.name)));
}

/** A network with all names that processes of a type have there. On an engine's own they have none. */
export function withNames({ name, aliases }: Network, app: string, type: string): Network {
  if (isKnown<string>(name) && isOfEngine(name)) return { name, aliases: [] };
  const label = hostLabel(type);
  return { name, aliases: [...new Set([label, `${app}-${label}`, ...aliases])] };
}

/** A network as a one-off process joins it: nobody is to reach that as if it were one of the app. */
export function withoutNames({ name }: Network): Network {
  return { name, aliases: [] };
}

/** The part of a configuration that tells networks: as in 0.1 for a single one, whose containers keep their digests. */
export function networksPart(networks: readonly Network[]): unknown {
  const [only, ...more] = networks;
  if (only === undefined) return undefined;
  if (more.length === 0 && only.aliases.length === 0) return only.name;
  return networks.map(({ name, aliases }) => [name, aliases]);
}

interface Joining {
  readonly networks: readonly Network[];
}

/** The known names of all networks that some process is to join. */
export function networkNames({ networks, types }: Joining & { readonly types: readonly Joining[] }): readonly string[] {
  const all = [networks, ...types.map((type) => type.networks)].flat();
  return [...new Set(all.flatMap(({ name }) => (isKnown<string>(name) ? name : [])))];
}

/** Network modes of an engine itself, which are no names of networks. */
const OF_THE_ENGINE = /^(bridge|default|host|none|private|pasta|slirp4netns)$|:/;

/** True for a network that every engine has, and that knows no names. */
export function isOfEngine(network: string): boolean {
  return OF_THE_ENGINE.test(network);
}

/** True for an engine's own network beside which a container can have no other. */
export function isAlone(network: string): boolean {
  return isOfEngine(network) && network !== "bridge" && network !== "default";
}
