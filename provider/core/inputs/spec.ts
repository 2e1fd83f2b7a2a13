import type { Inputs } from "./inputs";
import type { Orchestrator } from "./traits";
import type { ContainerSettings } from "./container/container-settings";
import type { Network } from "./container/networks";
import type { Command, ProcessType } from "./process-type";
import { containsUnknown, isKnown, type Maybe } from "../values/unknown";
import type { Seconds } from "../values/units";

/** Everything that was declared, parsed and complete. */
export interface Spec {
  readonly app: string;
  readonly orchestrator: Orchestrator;
  /** The identity of a formation whose state was lost: this one takes it over. */
  readonly takeOver?: string;
  readonly image: Maybe<string>;
  readonly pull: Pull;
  readonly registryAuth: readonly RegistryAuth[];
  /** The types: `web` first, then in the order of the Procfile, then by name. */
  readonly types: readonly ProcessType[];
  readonly scale: Readonly<Record<string, Maybe<number>>>;
  /** The largest number of processes of all types together. */
  readonly maxProcesses: number;
  readonly backingServices: readonly BackingService[];
  readonly silence: readonly string[];
  readonly env: Readonly<Record<string, Maybe<string>>>;
  /** Settings of one-off processes: those of the app, whatever the types say. */
  readonly settings: ContainerSettings;
  /** Variables of `env` that processes get as files. */
  readonly secretsAsFiles: readonly string[];
  /** The networks of the whole app, which one-off processes join. */
  readonly networks: readonly Network[];
  /** The command that is run once per release, before any process is touched. */
  readonly release?: { readonly command: Maybe<Command>; readonly timeout: Seconds };
  /** The hosts as declared; empty when the engine is to be found in the environment. */
  readonly hosts: readonly DeclaredHost[];
  readonly rebalance?: Maybe<string>;
  /** Swarm nodes that a person vouches for being off. */
  readonly abandonedNodes: readonly string[];
  /** Paths of inputs that are known only at `up`, without those whose value here says so itself. */
  readonly later: readonly string[];
}

/** A service that all processes share and that bears only so many connections. */
export interface BackingService {
  readonly name: string;
  readonly maxConnections: number;
  /** Connections that are reserved for others: consoles, migrations, monitoring. */
  readonly reserve: number;
  /** The answer to a formation that may need more. */
  readonly policy: "refuse" | "warn";
}

export type Pull = "missing" | "always" | "never";

export interface RegistryAuth {
  readonly address: Maybe<string>;
  readonly username: Maybe<string>;
  readonly password: Maybe<string>;
}

export type DeclaredHost = NonNullable<Inputs["hosts"]>[number];

/** References of all images that are known, the app's own first. */
export function imagesOf({ image, types }: Spec): string[] {
  return [...new Set([image, ...types.map((type) => type.image)])].filter((one): one is string => isKnown(one));
}

/** True when everything that a container is made of is known. */
export function isComplete(spec: Spec): boolean {
  if (spec.later.length > 0) return false;
  return !containsUnknown([
    spec.image,
    spec.types,
    spec.env,
    spec.settings,
    spec.networks,
    spec.release,
    spec.hosts,
    spec.registryAuth,
  ]);
}

/** The app's own order of types. */
export function orderOf(spec: Spec): string[] {
  return spec.types.map((type) => type.name);
}
