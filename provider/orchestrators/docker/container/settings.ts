import { DEFAULT_SETTINGS, type ContainerSettings } from "../../../core/inputs/container/container-settings";
import { healthCheck } from "../../../core/model/health-check";
import { engineMount } from "../../../core/model/mounts";
import type { ContainerCreateOptions, HostConfig } from "../../../engine/containers";

/** A setting in the engine's words: its part of a container's configuration, and of what the host is to do. */
interface Translation {
  readonly config?: ContainerCreateOptions;
  readonly host?: HostConfig;
}

type Settings = Required<ContainerSettings>;
type Translations = { readonly [K in keyof Settings]: (value: Settings[K]) => Translation };

/** A new setting does not compile without its line. No two settings write the same property. */
const TRANSLATIONS: Translations = {
  size: ({ cpus, memory }) => ({
    host: { ...(cpus === undefined ? {} : { NanoCpus: cpus }), ...(memory === undefined ? {} : { Memory: memory }) },
  }),
  stopTimeout: (seconds) => ({ config: { StopTimeout: Math.ceil(seconds) } }),
  health: (test) => ({ config: { Healthcheck: healthCheck(test) } }),
  // An engine takes one empty word for none; an empty list would leave the image's own.
  entrypoint: (words) => ({ config: { Entrypoint: words.length === 0 ? [""] : [...words] } }),
  user: (user) => ({ config: { User: String(user) } }),
  workingDir: (path) => ({ config: { WorkingDir: path } }),
  labels: (labels) => ({ config: { Labels: texts(labels) } }),
  stopSignal: (signal) => ({ config: { StopSignal: signal } }),
  init: (isOn) => ({ host: { Init: isOn } }),
  noNewPrivileges: (isOn) => ({ host: { SecurityOpt: isOn ? ["no-new-privileges"] : [] } }),
  readOnly: (isOn) => ({ host: { ReadonlyRootfs: isOn } }),
  tmpfs: (folders) => ({
    host: { Tmpfs: Object.fromEntries(folders.map(({ target, ...options }) => [target, tmpfsOptions(options)])) },
  }),
  mounts: (mounts) => ({ host: { Mounts: mounts.map((mount) => engineMount(mount, String)) } }),
  capabilities: ({ add, drop }) => ({ host: { CapAdd: [...add], CapDrop: [...drop] } }),
  ulimits: (limits) => ({
    host: { Ulimits: Object.entries(limits).map(([Name, { soft, hard }]) => ({ Name, Soft: soft, Hard: hard })) },
  }),
  pidsLimit: (most) => ({ host: { PidsLimit: most } }),
  shmSize: (bytes) => ({ host: { ShmSize: bytes } }),
  sysctls: (values) => ({ host: { Sysctls: { ...values } } }),
  extraHosts: (hosts) => ({ host: { ExtraHosts: Object.entries(texts(hosts)).map((pair) => pair.join(":")) } }),
  dns: (servers) => ({ host: { Dns: [...servers] } }),
  dnsSearch: (domains) => ({ host: { DnsSearch: [...domains] } }),
  dnsOptions: (options) => ({ host: { DnsOptions: [...options] } }),
  devices: (devices) => ({
    host: {
      Devices: devices.map(({ host, container, permissions }) => ({
        PathOnHost: host,
        PathInContainer: container,
        CgroupPermissions: permissions,
      })),
    },
  }),
  gpus: (gpus) => ({ host: { DeviceRequests: [gpuRequest(gpus)] } }),
  logging: ({ driver, options }) => ({ host: { LogConfig: { Type: driver, Config: texts(options) } } }),
  platform: (platform) => ({ config: { platform } }),
};

/** Translates settings, and the defaults that hold beside them, one by one. */
export function translated(settings: ContainerSettings): readonly (Translation & { readonly setting: string })[] {
  return Object.entries({ ...DEFAULT_SETTINGS, ...settings }).map(([setting, value]) => {
    const translate = TRANSLATIONS[setting as keyof Settings] as (value: unknown) => Translation;
    return { setting, ...translate(value) };
  });
}

/** Translates settings, and the defaults that hold beside them, to one configuration. */
export function together(settings: ContainerSettings): Required<Translation> {
  const all = translated(settings);
  return {
    config: all.reduce<ContainerCreateOptions>((made, { config }) => ({ ...made, ...config }), {}),
    host: all.reduce<HostConfig>((made, { host }) => ({ ...made, ...host }), {}),
  };
}

function texts(values: Readonly<Record<string, unknown>>): Record<string, string> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, String(value)]));
}

function tmpfsOptions({ size, mode }: { readonly size?: number; readonly mode?: number }): string {
  return [
    ...(size === undefined ? [] : [`size=${size}`]),
    ...(mode === undefined ? [] : [`mode=${mode.toString(8)}`]),
  ].join(",");
}

function gpuRequest(gpus: Settings["gpus"]): NonNullable<HostConfig["DeviceRequests"]>[number] {
  const Capabilities = [["gpu"]];
  if (gpus === "all") return { Count: -1, Capabilities };
  return typeof gpus === "number" ? { Count: gpus, Capabilities } : { DeviceIDs: [...gpus], Capabilities };
}
