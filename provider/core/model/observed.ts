import type { Bind } from "../values/addresses";
import { entryOf } from "../values/entry";
import { isKnown, type Maybe } from "../values/unknown";
import type { Claim } from "./claim";
import type { Image, ImageConfig, ImageFacts } from "../values/image";
import type { Asker } from "./ownership";
import type { RegistryAuth } from "../inputs/spec";
import type { Bytes, NanoCpus, Seconds } from "../values/units";

/** The engine's own words for a container's state; `unknown` while its host cannot be reached. */
export type ContainerState =
  "created" | "running" | "paused" | "restarting" | "removing" | "exited" | "dead" | "unknown";

/** A container that carries our labels, as one observation of its host tells. */
export interface ObservedInstance {
  readonly host: string;
  readonly container: string;
  readonly name: string;
  readonly app: string;
  /**
   * `project/stack` and identity of the formation that it belongs to, as its labels say; labels of 0.1 have no
   * identity.
   */
  readonly owner: string;
  readonly identity?: string;
  readonly type: string;
  readonly index: number;
  readonly singleton: boolean;
  /** The image reference that it was made from, and the id of the image that this was then. */
  readonly image: string;
  readonly imageId: string;
  /**
   * A digest of that image's content, told only where the id differs from the reference's now; absent then if it is
   * gone.
   */
  readonly imageContent?: string;
  /** Digests of the configuration, see `configuration.ts`. */
  readonly configuration: string;
  readonly stopTimeout: Seconds;
  readonly state: ContainerState;
  readonly health?: "starting" | "healthy" | "unhealthy";
  /** Seconds since the epoch, by the host's clock. */
  readonly createdAt: number;
  readonly published?: { readonly address: string; readonly port: number };
  readonly settings?: Settings;
  /** The folder of the secrets that it has as files. */
  readonly files?: string;
}

/** Settings that can be changed while a container is there. A limit that the engine does not keep is absent. */
export interface Settings {
  readonly cpus?: NanoCpus;
  readonly memory?: Bytes;
  readonly pids?: number;
  /** True when the engine starts the container again whenever it ends. */
  readonly isRestarted: boolean;
  /** True while the container is in all networks that it was made for. */
  readonly isConnected: boolean;
}

/** One observation of a host. */
export interface ObservedHost {
  readonly name: string;
  readonly address: string;
  /** The engine's own id; empty where it has none that lasts. */
  readonly engine: string;
  /** The name of its machine, and the ids of all containers there, whoever's they are. */
  readonly machine?: string;
  readonly containers?: readonly string[];
  /** Reason why the host is unreachable, if it is: `instances` are then those that the state remembers. */
  readonly unreachable?: string;
  /** True when waiting will not make it reachable, such as with a wrong certificate. */
  readonly isLasting?: boolean;
  readonly instances: readonly ObservedInstance[];
  /** Containers of other formations that have the app's name. */
  readonly others?: readonly OtherFormation[];
  /** Names of containers that have the labels of the formation, but were not made by it. */
  readonly copies?: readonly string[];
  /** The claims on the engine, of all generations. */
  readonly claims?: readonly Claim[];
  /** Containers that are not the formation's and have a name that we may want, or hold a fixed port that we want. */
  readonly strangers: readonly ForeignContainer[];
  /** Images that the wanted references mean here now; one that nobody here knows is absent or empty. */
  readonly images?: Readonly<Record<string, ImageHere>>;
  /** Wanted networks that are not on the host, as far as that can be told. */
  readonly lacksNetworks?: readonly string[];
  /** Those of the volumes asked for that are there; absent where that cannot be told. */
  readonly volumes?: readonly string[];
  /** The CPUs and the memory that the host has in all. */
  readonly capacity?: { readonly cpus: NanoCpus; readonly memory: Bytes };
}

/** A container that its key proves to be another formation's. */
export interface OtherFormation {
  readonly container: string;
  readonly app: string;
  readonly identity: string;
  readonly owner: string;
}

export interface ForeignContainer {
  readonly name: string;
  /** TCP ports of the host that it holds; some engines leave out the address. */
  readonly ports: readonly (Partial<Bind> & Required<Pick<Bind, "port">>)[];
}

/** An image that a reference means. */
export interface ImageHere {
  /** Absent when the host does not have it. */
  readonly id?: string;
  /** As far as the engine tells. */
  readonly facts?: ImageFacts;
  /** The digest of the reference in its registry, when the registry was asked and has another image. */
  readonly newer?: string;
}

/** The questions that an observation of a host is to answer. */
export interface Query extends Asker {
  /** References. */
  readonly images?: readonly string[];
  /** Our credentials, where the registry is to be asked for newer images, too. */
  readonly registryAuth?: readonly RegistryAuth[];
  readonly fixedPorts: readonly number[];
  /** The networks that processes are to join. */
  readonly networks?: readonly string[];
  /** Names of the volumes that processes mount. */
  readonly volumes?: readonly string[];
}

/** The image that a host itself has for a reference. */
export function imageHere(host: ObservedHost | undefined, reference: Maybe<string>): ImageHere | undefined {
  return isKnown<string>(reference) ? entryOf(host?.images, reference) : undefined;
}

/** The image that a new process will be made of, as far as can be told. */
export function imageAt(host: ObservedHost | undefined, reference: Maybe<string>): Image | undefined {
  const { id, facts, newer } = imageHere(host, reference) ?? {};
  // A registry tells no more of an image than its digest.
  if (newer !== undefined) return { id: newer, isUnseen: true };
  if (id === undefined) return undefined;
  return facts === undefined ? { id } : { id, content: facts.content };
}

/** The configuration of that image, as far as the host tells. */
export function imageConfigAt(host: ObservedHost | undefined, reference: Maybe<string>): ImageConfig | undefined {
  return imageHere(host, reference)?.facts?.config;
}

export function isRunning(instance: ObservedInstance): boolean {
  return instance.state === "running";
}
