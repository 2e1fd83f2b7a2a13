import type { ContainerSettings } from "../../../core/inputs/container/container-settings";
import type { EngineMount } from "../../../core/model/mounts";
import type { ContainerCreateOptions, ContainerInspectInfo, HostConfig } from "../../../engine/containers";
import type { AgreedEngine } from "../../../engine/api-version";
import { inspect } from "./container";
import { translated } from "./settings";

/** Settings that Podman repeats in the words in which it was told; it has words of its own for others. */
const BY_PODMAN: ReadonlySet<string> = new Set(["size", "init", "noNewPrivileges", "pidsLimit", "logging"]);

/** Names the settings that an engine did not keep: it silently leaves out those that it does not know. */
export async function dropped(settings: ContainerSettings, engine: AgreedEngine, container: string): Promise<string[]> {
  const [got, isPodman] = await Promise.all([inspect(engine, container), engine.isPodman()]);
  const lost = translated(settings)
    .filter(({ setting }) => !isPodman || BY_PODMAN.has(setting))
    .filter(({ setting, config, host: asked }) => !(WAYS[setting] ?? isKept)(config ?? {}, asked ?? {}, got))
    .map(({ setting }) => setting);
  if (got.HostConfig.RestartPolicy?.Name !== "always") lost.push("the restart policy");
  return lost.length === 0
    ? []
    : [`the engine of ${engine.host.name} did not keep ${lost.join(", ")}: update it, or do without`];
}

type Way = (config: ContainerCreateOptions, host: HostConfig, got: ContainerInspectInfo) => boolean;

const isKept: Way = (config, host, got) => covers(config, got.Config) && covers(host, got.HostConfig);

/** Settings that an inspection does not repeat word for word. */
const WAYS: Readonly<Record<string, Way>> = {
  platform: () => true,
  // Podman tells what was mounted, not what was asked for.
  mounts: (config, host, got) =>
    isKept(config, host, got) || (host.Mounts ?? []).every((asked) => isMounted(asked, got)),
  // Podman leaves out the options.
  logging: (_, { LogConfig }, { HostConfig }) => LogConfig?.Type === HostConfig.LogConfig?.Type,
};

function isMounted(
  { Target, Source, ReadOnly = false }: EngineMount,
  { Mounts = [], HostConfig }: ContainerInspectInfo,
) {
  const mount = Mounts.find(({ Destination }) => Destination === Target);
  if (mount === undefined) return HostConfig.Tmpfs?.[Target] !== undefined;
  return mount.RW === !ReadOnly && (Source === "" || Source === mount.Name || Source === mount.Source);
}

/** True when a value holds all of what was asked for, whatever the engine has added; it leaves out what is empty. */
function covers(asked: unknown, got: unknown): boolean {
  if (Array.isArray(asked)) {
    const list: readonly unknown[] = Array.isArray(got) ? got : [];
    return asked.every((item) => isEmpty(item) || list.some((has) => covers(item, has)));
  }
  if (typeof asked === "object" && asked !== null) {
    const has = (got ?? {}) as Readonly<Record<string, unknown>>;
    return Object.entries(asked).every(([name, value]) => value === undefined || covers(value, has[name]));
  }
  // `no-new-privileges` may come back as `no-new-privileges:true`.
  if (typeof asked === "string" && typeof got === "string") return got === asked || got.startsWith(`${asked}:`);
  return asked === got || (isEmpty(asked) && isEmpty(got));
}

function isEmpty(value: unknown): boolean {
  return value === undefined || value === null || value === false || value === 0 || value === "";
}
