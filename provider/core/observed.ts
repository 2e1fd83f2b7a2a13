import type { Bind } from "./addresses";
import type { Claim } from "./claim";
import type { Image, ImageFacts } from "./image";
import type { Asker } from "./ownership";
import type { RegistryAuth } from "./spec";
import type { Bytes, NanoCpus, Seconds } from "./units";

/** The engine's own words for a container's state; `unknown` while its host cannot be reached. */
export type ContainerState =
  "created" | "running" | "paused" | "restarting" | "removing" | "exited" | "dead" | "unknown";

/** A container that carries our labels, as one look at its host saw it. */
export interface ObservedInstance {
  readonly host: string;
  readonly container: string;
  readonly name: string;
  readonly app: string;
  /** `project/stack` of the formation that it belongs to, as its label says; the identity is absent in labels of 0.1. */
  readonly owner: string;
  readonly identity?: string;
  readonly type: string;
  readonly index: number;
  readonly singleton: boolean;
  /** The image reference that it was made from, and the id of the image that this was then. */
  readonly image: string;
  readonly imageId: string;
  /** A digest of that image's content, told only where the id is another than the reference's now; absent then if it is gone. */
  readonly imageContent?: string;
  /** Digests of its configuration, see `configuration.ts`. */
  readonly configuration: string;
  readonly stopTimeout: Seconds;
  readonly state: ContainerState;
  readonly health?: "starting" | "healthy" | "unhealthy";
  /** Seconds since the epoch, by the host's clock. */
  readonly createdAt: number;
  readonly published?: { readonly address: string; readonly port: number };
  readonly settings?: Settings;
}

/** What can be changed of a container while it is there. A limit that the engine does not keep is absent. */
export interface Settings {
  readonly cpus?: NanoCpus;
  readonly memory?: Bytes;
  readonly pids?: number;
  /** Whether the engine starts it again whenever it ends. */
  readonly isRestarted: boolean;
  /** Whether it is still in the network that it was made in. */
  readonly isConnected: boolean;
}

/** One look at a host. */
export interface ObservedHost {
  readonly name: string;
  readonly address: string;
  /** The engine's own id; empty where it has none that lasts. */
  readonly engine: string;
  /** The name of its machine, and the ids of all containers there, whoever's they are. */
  readonly machine?: string;
  readonly containers?: readonly string[];
  /** Why it could not be reached, if it could not: `instances` are then those remembered from the last look. */
  readonly lost?: string;
  /** Whether no time will mend that, such as a certificate that is not right. */
  readonly isLasting?: boolean;
  readonly instances: readonly ObservedInstance[];
  /** Containers of other formations that have the app's name. */
  readonly others?: readonly OtherFormation[];
  /** Names of containers that have the labels of the formation, but were not made by it. */
  readonly copies?: readonly string[];
  /** The claims on the engine, of all generations. */
  readonly claims?: readonly Claim[];
  /** Containers without our labels that have a name we may want, and the fixed ports in use, with their holders. */
  readonly strangers: readonly Stranger[];
  /** The id that the image reference means here now; absent when the host does not have it. */
  readonly imageId?: string;
  /** Facts of that image, as far as the engine tells. */
  readonly imageFacts?: ImageFacts;
  /** The digest that the reference has in its registry, when that was asked and is another image. */
  readonly newerImage?: string;
  /** Whether the network that was asked for is there; absent where that cannot be told. */
  readonly hasNetwork?: boolean;
  /** What the host has in all. */
  readonly capacity?: { readonly cpus: NanoCpus; readonly memory: Bytes };
}

/** A container of another formation, which its key proves. */
export interface OtherFormation {
  readonly container: string;
  readonly app: string;
  readonly identity: string;
  readonly owner: string;
}

export interface Stranger {
  readonly name: string;
  /** Those that it has of the host, over TCP as processes publish theirs; some engines leave an address out. */
  readonly ports: readonly (Partial<Bind> & Required<Pick<Bind, "port">>)[];
}

/** What to look for on a host. */
export interface Query extends Asker {
  readonly image?: string;
  /** Where the registry is to be asked for a newer image, too: who we are to it. */
  readonly registryAuth?: readonly RegistryAuth[];
  readonly fixedPorts: readonly number[];
  /** The network that processes are to join. */
  readonly network?: string;
}

/** What a new process will be made of, as far as can be told. */
export function imageAt(host: ObservedHost | undefined): Image | undefined {
  // A registry tells no more of it than its digest.
  if (host?.newerImage !== undefined) return { id: host.newerImage, isUnseen: true };
  if (host?.imageId === undefined) return undefined;
  return host.imageFacts === undefined ? { id: host.imageId } : { id: host.imageId, content: host.imageFacts.content };
}

export function isRunning(instance: ObservedInstance): boolean {
  return instance.state === "running";
}
