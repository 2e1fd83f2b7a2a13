import type { Claim } from "../core/claim";
import type { ObservedNode, ObservedService, ObservedSwarm, ObservedTask } from "../core/swarm/observed";
import type { ServiceSpec } from "../core/swarm/service";
import type { RegistryAuth } from "../core/spec";

/** What to look for in a Swarm. */
export interface SwarmQuery {
  /** The app's name, and those that it had before. */
  readonly apps: readonly string[];
  /** Absent while a formation is new. */
  readonly identity?: string;
  readonly image?: string;
  readonly registryAuth: readonly RegistryAuth[];
  readonly network?: string;
}

/**
 * All effects on a Swarm, whichever of its managers answers. Every call may be repeated; one that fails for want of a
 * manager or a leader is, until patience ends.
 */
export interface Swarm {
  observe(query: SwarmQuery): Promise<ObservedSwarm>;
  /** All tasks of an app that the Swarm remembers; shared by those who ask at the same time. */
  tasks(app: string): Promise<readonly ObservedTask[]>;
  nodes(): Promise<readonly ObservedNode[]>;
  service(name: string): Promise<ObservedService | undefined>;
  create(spec: ServiceSpec, registryAuth: readonly RegistryAuth[]): Promise<void>;
  /** @throws OutOfSequence when the service is not as it was in this version any more */
  update(service: ObservedService, spec: ServiceSpec, registryAuth: readonly RegistryAuth[]): Promise<void>;
  /** What is gone already is success. */
  remove(service: string): Promise<void>;
  /** @returns its id */
  createSecret(name: string, value: string, labels: Readonly<Record<string, string>>): Promise<string>;
  secretIds(names: readonly string[]): Promise<ReadonlyMap<string, string>>;
  /** One that is gone, or still in use, is left as it is. */
  removeSecret(name: string): Promise<void>;
  /** The last lines that a task wrote; empty when its node cannot be asked. */
  lastLines(task: string, lines: number): Promise<string>;
  claims(): Promise<readonly Claim[]>;
  /** Writes a claim, unless there is one of its name already. @returns the one that is there */
  claim(claim: Claim): Promise<Claim>;
  /** A claim that is gone already is success. */
  unclaim(claim: Pick<Claim, "app" | "generation">): Promise<void>;
  close(): void;
}
