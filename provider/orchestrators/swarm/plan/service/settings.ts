import type { LACKING } from "../../../../core/guards/orchestrator";
import { DEFAULT_SETTINGS, type ContainerSettings } from "../../../../core/inputs/container/container-settings";
import { optional } from "../../../../core/inputs/process-type";
import { healthCheck, nanoseconds } from "../../../../core/model/health-check";
import { engineMount } from "../../../../core/model/mounts";
import { isOwnLabel } from "../../../../core/values/names";
import { compare } from "../../../../core/values/formation";
import { isKnown, UNKNOWN } from "../../../../core/values/unknown";
import type { ContainerSpec, TaskTemplate } from "./service";

type Settings = Required<ContainerSettings>;
/** Settings that a Swarm knows; inputs with others are refused. */
type SwarmSetting = Exclude<keyof Settings, keyof typeof LACKING.swarm>;

/** A setting in a service's words. */
interface Translation<T> {
  readonly put: (template: TaskTemplate, value: T) => TaskTemplate;
  /** The part of a service that shows whether somebody has changed the setting by hand. */
  readonly part: (template: TaskTemplate) => unknown;
}

type Translations = { readonly [K in SwarmSetting]: Translation<Settings[K]> };

const inContainer = <T>(
  write: (value: T, container: ContainerSpec) => Partial<ContainerSpec>,
  part: (container: Partial<ContainerSpec>) => unknown,
): Translation<T> => ({
  put: (template, value) => ({
    ...template,
    ContainerSpec: { ...template.ContainerSpec, ...write(value, template.ContainerSpec) },
  }),
  part: ({ ContainerSpec }) => part(ContainerSpec),
});

const limits = <T>(
  write: (value: T) => Partial<TaskTemplate["Resources"]["Limits"]>,
  part: (limits: Partial<TaskTemplate["Resources"]["Limits"]>) => unknown,
): Translation<T> => ({
  put: (template, value) => ({
    ...template,
    Resources: { ...template.Resources, Limits: { ...template.Resources.Limits, ...write(value) } },
  }),
  part: ({ Resources }) => part((Resources as Partial<TaskTemplate["Resources"]>).Limits ?? {}),
});

const dns = (name: keyof NonNullable<ContainerSpec["DNSConfig"]>): Translation<readonly string[]> =>
  inContainer(
    (list, { DNSConfig }) => ({ DNSConfig: { ...DNSConfig, [name]: [...list] } }),
    ({ DNSConfig }) => DNSConfig?.[name] ?? [],
  );

/** A new setting does not compile without its line, here or among those that a Swarm lacks. */
const TRANSLATIONS: Translations = {
  size: limits(
    ({ cpus = 0, memory = 0 }) => ({ NanoCPUs: cpus, MemoryBytes: memory }),
    ({ NanoCPUs = 0, MemoryBytes = 0 }) => [NanoCPUs, MemoryBytes],
  ),
  pidsLimit: limits(
    (Pids) => ({ Pids }),
    ({ Pids = 0 }) => Pids,
  ),
  stopTimeout: inContainer(
    (seconds) => ({ StopGracePeriod: nanoseconds(seconds) }),
    ({ StopGracePeriod }) => StopGracePeriod,
  ),
  health: inContainer(
    (test) => ({ Healthcheck: healthCheck(test) }),
    // No check at all shows no change: services of earlier versions leave it to the image.
    ({ Healthcheck }) => (Healthcheck?.Test[0] === "NONE" ? [[], {}] : [Healthcheck?.Test ?? [], Healthcheck ?? {}]),
  ),
  // An engine takes one empty word for none; an empty list would leave the image's own.
  entrypoint: inContainer(
    (words) => ({ Command: words.length === 0 ? [""] : [...words] }),
    ({ Command }) => Command ?? [],
  ),
  user: inContainer(
    (User) => ({ User }),
    ({ User }) => User,
  ),
  workingDir: inContainer(
    (Dir) => ({ Dir }),
    ({ Dir }) => Dir,
  ),
  labels: inContainer(
    (labels, { Labels }) => ({ Labels: { ...known(labels), ...Labels } }),
    ({ Labels = {} }) => Object.fromEntries(Object.entries(Labels).filter(([name]) => !isOwnLabel(name))),
  ),
  stopSignal: inContainer(
    (StopSignal) => ({ StopSignal }),
    // Services of 0.1 name the default.
    ({ StopSignal = "" }) => (StopSignal === "SIGTERM" ? "" : StopSignal),
  ),
  init: inContainer(
    (Init) => ({ Init }),
    // An engine that does not know init leaves it out.
    ({ Init = true }) => Init,
  ),
  noNewPrivileges: inContainer(
    (isOn) => ({ Privileges: { NoNewPrivileges: isOn } }),
    // An engine that does not know privileges leaves them out, so they show no change.
    () => "",
  ),
  readOnly: inContainer(
    (ReadOnly) => ({ ReadOnly }),
    ({ ReadOnly }) => ReadOnly,
  ),
  tmpfs: inContainer(
    (folders, { Mounts }) => ({
      Mounts: [
        ...Mounts,
        ...folders.map(({ target, size, mode }) => ({
          Type: "tmpfs",
          Target: target,
          TmpfsOptions: { ...optional("SizeBytes", size), ...optional("Mode", mode) },
        })),
      ],
    }),
    // Compared among all mounts.
    () => "",
  ),
  mounts: inContainer(
    (mounts, { Mounts }) => ({ Mounts: [...Mounts, ...mounts.map((mount) => engineMount(mount, (text) => text))] }),
    ({ Mounts }) => Mounts ?? [],
  ),
  capabilities: inContainer(
    ({ add, drop }) => ({ CapabilityAdd: [...add], CapabilityDrop: [...drop] }),
    ({ CapabilityAdd, CapabilityDrop }) => [CapabilityAdd ?? [], CapabilityDrop ?? []],
  ),
  ulimits: inContainer(
    (all) => ({
      Ulimits: Object.entries(all).map(([Name, { soft, hard }]) => ({ Name, Soft: soft, Hard: hard })),
    }),
    ({ Ulimits }) => Ulimits ?? [],
  ),
  sysctls: inContainer(
    (Sysctls) => ({ Sysctls }),
    ({ Sysctls }) => Object.entries(Sysctls ?? {}).sort(([a], [b]) => compare(a, b)),
  ),
  extraHosts: inContainer(
    (hosts) => ({
      Hosts: Object.entries(hosts).map(([name, address]) =>
        isKnown<string>(address) ? `${address} ${name}` : UNKNOWN,
      ),
    }),
    ({ Hosts }) => Hosts ?? [],
  ),
  dns: dns("Nameservers"),
  dnsSearch: dns("Search"),
  dnsOptions: dns("Options"),
  logging: {
    put: (template, { driver, options }) => ({ ...template, LogDriver: { Name: driver, Options: options } }),
    part: ({ LogDriver }) => LogDriver,
  },
  platform: {
    put: (template, platform) => {
      const [OS = "", Architecture = ""] = platform.split("/");
      return { ...template, Placement: { ...template.Placement, Platforms: [{ OS, Architecture }] } };
    },
    part: ({ Placement }) => Placement.Platforms ?? [],
  },
};

/** Labels as text: where one is known only at `up`, nothing is compared, and nothing sent. */
export function known(labels: Settings["labels"]): Readonly<Record<string, string>> {
  return labels as Readonly<Record<string, string>>;
}

/** Writes settings, and the defaults that hold beside them, into a service's template. */
export function withSettings(template: TaskTemplate, settings: ContainerSettings): TaskTemplate {
  return Object.entries({ ...DEFAULT_SETTINGS, ...settings }).reduce((made, [setting, value]) => {
    const { put } = TRANSLATIONS[setting as SwarmSetting] as Translation<unknown>;
    return put(made, value);
  }, template);
}

/** The parts of a service that show its settings, by name. */
export const SETTING_PARTS: Readonly<Record<SwarmSetting, (template: TaskTemplate) => unknown>> = Object.fromEntries(
  Object.entries(TRANSLATIONS).map(([setting, { part }]) => [setting, part]),
) as Record<SwarmSetting, (template: TaskTemplate) => unknown>;
