import type { Maybe } from "../../../../core/values/unknown";

// A Swarm service in the engine's words, as far as Formation uses them: plain data, sent as it is.

export interface ServiceSpec {
  readonly Name: string;
  readonly Labels: Readonly<Record<string, string>>;
  readonly TaskTemplate: TaskTemplate;
  readonly Mode: { readonly Replicated: { readonly Replicas: number } };
  readonly UpdateConfig: RolloutConfig;
  readonly RollbackConfig: RolloutConfig;
  readonly EndpointSpec: { readonly Ports: readonly Port[] };
}

export interface TaskTemplate {
  readonly ContainerSpec: ContainerSpec;
  readonly Resources: {
    readonly Limits: { readonly NanoCPUs: number; readonly MemoryBytes: number; readonly Pids: number };
    readonly Reservations: { readonly NanoCPUs: number; readonly MemoryBytes: number };
  };
  readonly RestartPolicy: { readonly Condition: "any" | "none"; readonly Delay: number; readonly MaxAttempts: number };
  readonly Placement: {
    readonly Constraints: readonly string[];
    readonly Preferences: readonly { readonly Spread: { readonly SpreadDescriptor: string } }[];
    readonly Platforms?: readonly { readonly OS: string; readonly Architecture: string }[];
  };
  readonly Networks: readonly { readonly Target: Maybe<string>; readonly Aliases?: readonly Maybe<string>[] }[];
  readonly LogDriver: { readonly Name: string; readonly Options: Readonly<Record<string, Maybe<string>>> };
  readonly ForceUpdate: number;
}

export interface ContainerSpec {
  readonly CapabilityAdd?: readonly string[];
  readonly CapabilityDrop?: readonly string[];
  readonly Command?: readonly string[];
  readonly DNSConfig?: {
    readonly Nameservers?: readonly string[];
    readonly Search?: readonly string[];
    readonly Options?: readonly string[];
  };
  readonly Dir?: string;
  /** `10.0.0.5 db.internal` */
  readonly Hosts?: readonly Maybe<string>[];
  readonly ReadOnly?: boolean;
  readonly Sysctls?: Readonly<Record<string, string>>;
  readonly Ulimits?: readonly { readonly Name: string; readonly Soft: number; readonly Hard: number }[];
  readonly User?: Maybe<string>;
  readonly Image: Maybe<string>;
  readonly Labels: Readonly<Record<string, string>>;
  /** Absent in an answer about a service that runs the image's own command. */
  readonly Args?: readonly string[];
  readonly Env: readonly Maybe<string>[];
  readonly Hostname: string;
  readonly Init?: boolean;
  readonly StopSignal?: string;
  readonly StopGracePeriod?: number;
  readonly Privileges?: { readonly NoNewPrivileges: boolean };
  readonly Mounts: readonly unknown[];
  readonly Secrets: readonly SecretReference[];
  readonly Healthcheck?: { readonly Test: readonly string[] };
}

interface SecretReference {
  readonly SecretID: string;
  readonly SecretName: Maybe<string>;
  readonly File: { readonly Name: string; readonly UID: string; readonly GID: string; readonly Mode: number };
}

export interface Port {
  readonly Protocol: "tcp";
  readonly TargetPort: number;
  readonly PublishedPort: number;
  readonly PublishMode: "ingress" | "host";
}

interface RolloutConfig {
  readonly Parallelism: number;
  readonly Delay: number;
  readonly FailureAction: "pause" | "rollback";
  readonly Monitor: number;
  readonly MaxFailureRatio: number;
  readonly Order: "start-first" | "stop-first";
}

/** No node has this label: a service that is constrained by it is held back. */
export const HOLD = "node.labels.formation.hold==never";

/**
 * The same service, told to stop its tasks and to start none in their place, so that the stopping ones stay visible.
 *
 * @param replicas its present number: with fewer, the Swarm might lose track of a task that stops
 */
export function held(spec: ServiceSpec, replicas = spec.Mode.Replicated.Replicas): ServiceSpec {
  const { Constraints } = spec.TaskTemplate.Placement;
  const stopFirst = { ...spec.UpdateConfig, Parallelism: 0, Order: "stop-first", FailureAction: "pause" } as const;
  const replicated = {
    ...spec,
    Mode: { Replicated: { Replicas: Math.max(1, replicas) } },
    UpdateConfig: stopFirst,
  };
  return constrained(replicated, [...Constraints.filter((one) => one !== HOLD), HOLD]);
}

export function isHeld(spec: ServiceSpec): boolean {
  return spec.TaskTemplate.Placement.Constraints.includes(HOLD);
}

export function withReplicas(spec: ServiceSpec, replicas: number): ServiceSpec {
  return { ...spec, Mode: { Replicated: { Replicas: replicas } } };
}

function constrained(spec: ServiceSpec, constraints: readonly string[]): ServiceSpec {
  const Placement = { ...spec.TaskTemplate.Placement, Constraints: constraints };
  return { ...spec, TaskTemplate: { ...spec.TaskTemplate, Placement } };
}

const PIN = "node.id==";

export function pinnedTo(node: string): string {
  return PIN + node;
}

/** The id of the only node that a service may run on. */
export function pinOf({ TaskTemplate }: ServiceSpec): string | undefined {
  return TaskTemplate.Placement.Constraints.find((one) => one.startsWith(PIN))?.slice(PIN.length);
}
