import type { Claim } from "../../../core/model/claim";
import type { ObservedNode, ObservedService, ObservedSwarm, ObservedTask } from "../plan/observed";
import type { ServiceSpec } from "../plan/service/service";
import type { RegistryAuth } from "../../../core/inputs/spec";

/** Names, images and networks that an observation of a Swarm asks about. */
export interface SwarmQuery {
  /** Current name of the app, and its former ones. */
  readonly apps: readonly string[];
  /** Absent while a formation is new. */
  readonly identity?: string;
  readonly images?: readonly string[];
  readonly registryAuth: readonly RegistryAuth[];
  readonly networks?: readonly string[];
}

/**
 * Effects on a Swarm, whichever of its managers answers. Every call may be repeated. A call that fails for want of a
 * manager or a leader is repeated until patience ends.
 */
export interface Swarm {
  observe(query: SwarmQuery): Promise<ObservedSwarm>;
  /** Lists all tasks of an app that the Swarm remembers; callers at the same time share one call. */
  tasks(app: string): Promise<readonly ObservedTask[]>;
  nodes(): Promise<readonly ObservedNode[]>;
  service(name: string): Promise<ObservedService | undefined>;
  /** @returns warnings */
  create(spec: ServiceSpec, registryAuth: readonly RegistryAuth[]): Promise<readonly string[]>;
  /** @returns warnings @throws OutOfSequence when the service has another version by now */
  update(
    service: ObservedService,
    spec: ServiceSpec,
    registryAuth: readonly RegistryAuth[],
  ): Promise<readonly string[]>;
  /** Sentences about the credentials that the nodes were given for a service that was made or changed from here. */
  credentialsOf(service: string): readonly string[];
  /** Removes a service. A service that is gone already is success. */
  remove(service: string): Promise<void>;
  /** @returns the secret's id */
  createSecret(name: string, value: string, labels: Readonly<Record<string, string>>): Promise<string>;
  secretIds(names: readonly string[]): Promise<ReadonlyMap<string, string>>;
  /** Removes a secret. A secret that is gone, or still in use, is left as it is. */
  removeSecret(name: string): Promise<void>;
  /** Reads the last lines that a task wrote; empty when its node cannot be asked. */
  lastLines(task: string, lines: number): Promise<string>;
  claims(): Promise<readonly Claim[]>;
  /** Writes a claim, unless there is one of its name. @returns the claim that is there then */
  claim(claim: Claim): Promise<Claim>;
  /** Removes a claim. A claim that is gone already is success. */
  unclaim(claim: Pick<Claim, "app" | "generation">): Promise<void>;
  close(): void;
}
