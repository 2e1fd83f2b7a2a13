import type { EngineMount } from "../core/model/mounts";

// The engine API's types of containers, as far as they are used here: of lists, inspections and creations.

interface PublishedPort {
  readonly IP: string;
  readonly PrivatePort: number;
  readonly PublicPort: number;
  readonly Type: string;
}

/** An entry of the list. */
export interface ContainerInfo {
  readonly Id: string;
  readonly Names: readonly string[];
  readonly ImageID: string;
  /** Present from API 1.48 on. */
  readonly ImageManifestDescriptor?: { readonly digest: string };
  readonly Command: string;
  /** Seconds since 1970. */
  readonly Created: number;
  readonly Ports: readonly PublishedPort[];
  readonly Labels: Readonly<Record<string, string>>;
  readonly State: string;
  /** `Up 8 hours (healthy)` */
  readonly Status: string;
}

interface HealthConfig {
  Test?: string[] | undefined;
  /** Nanoseconds, like all times of a health check. */
  Interval?: number | undefined;
  Timeout?: number | undefined;
  StartPeriod?: number | undefined;
  Retries?: number | undefined;
}

export interface HostConfig {
  Mounts?: EngineMount[] | undefined;
  CapAdd?: string[] | undefined;
  CapDrop?: string[] | undefined;
  DeviceRequests?:
    | { Count?: number | undefined; DeviceIDs?: string[] | undefined; Capabilities?: string[][] | undefined }[]
    | undefined;
  Devices?: { PathOnHost: string; PathInContainer: string; CgroupPermissions: string }[] | undefined;
  Dns?: string[] | undefined;
  DnsOptions?: string[] | undefined;
  DnsSearch?: string[] | undefined;
  ExtraHosts?: string[] | undefined;
  ReadonlyRootfs?: boolean | undefined;
  ShmSize?: number | undefined;
  Sysctls?: Record<string, string> | undefined;
  Tmpfs?: Record<string, string> | undefined;
  Ulimits?: { Name?: string; Soft?: number; Hard?: number }[] | undefined;
  AutoRemove?: boolean | undefined;
  Init?: boolean | undefined;
  LogConfig?: { Type: string; Config: Record<string, string> } | undefined;
  Memory?: number | undefined;
  NanoCpus?: number | undefined;
  NetworkMode?: string | undefined;
  PidsLimit?: number | undefined;
  PortBindings?: Record<string, { HostIp: string; HostPort: string }[]> | undefined;
  RestartPolicy?: { Name: string } | undefined;
  SecurityOpt?: string[] | null | undefined;
}

/** A container's place in a network. */
export interface Endpoint {
  Aliases?: string[] | undefined;
}

/** The body of a container's creation; name and platform stand in its query. */
export interface ContainerCreateOptions {
  name?: string | undefined;
  platform?: string | undefined;
  Entrypoint?: string[] | undefined;
  User?: string | undefined;
  WorkingDir?: string | undefined;
  Image?: string | undefined;
  Hostname?: string | undefined;
  Cmd?: string[] | undefined;
  Env?: string[] | undefined;
  Labels?: Record<string, string> | undefined;
  StopTimeout?: number | undefined;
  StopSignal?: string | undefined;
  Healthcheck?: HealthConfig | undefined;
  ExposedPorts?: Record<string, object> | undefined;
  Tty?: boolean | undefined;
  OpenStdin?: boolean | undefined;
  StdinOnce?: boolean | undefined;
  AttachStdin?: boolean | undefined;
  AttachStdout?: boolean | undefined;
  AttachStderr?: boolean | undefined;
  HostConfig?: HostConfig | undefined;
  NetworkingConfig?: { EndpointsConfig: Record<string, Endpoint> } | undefined;
}

/** A mount as a container has it. */
interface ContainerMount {
  readonly Type: string;
  /** Name of a volume. */
  readonly Name?: string;
  readonly Source: string;
  readonly Destination: string;
  readonly RW: boolean;
}

/** A container as its inspection shows it. */
export interface ContainerInspectInfo {
  readonly Id: string;
  /** Name with a leading slash. */
  readonly Name: string;
  readonly Created: string;
  readonly RestartCount: number;
  readonly State: {
    readonly Status: string;
    readonly Running: boolean;
    readonly OOMKilled: boolean;
    readonly ExitCode: number;
    readonly StartedAt: string;
    readonly FinishedAt: string;
    readonly Health?:
      | {
          readonly Status: string;
          /** The last checks, the newest at the end. */
          readonly Log?: readonly { readonly ExitCode: number; readonly Output?: string }[] | null;
        }
      | undefined;
  };
  readonly Config: {
    readonly Env: readonly string[] | null;
    readonly Labels: Readonly<Record<string, string>>;
    readonly StopTimeout?: number;
    readonly Healthcheck?: HealthConfig | undefined;
  };
  readonly HostConfig: HostConfig;
  readonly Mounts?: readonly ContainerMount[];
  readonly NetworkSettings: { readonly Networks: Readonly<Record<string, { readonly NetworkID: string }>> };
}
