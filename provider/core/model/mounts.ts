import { LOCAL, type Mount } from "../inputs/container/mounts";
import type { Maybe } from "../values/unknown";

/** A mount in the engine's words, the same for containers and services. */
export interface EngineMount<Text = string> {
  readonly Type: Mount["type"];
  /** Empty for a folder in memory. */
  readonly Source: Text | "";
  readonly Target: string;
  readonly ReadOnly?: boolean;
  readonly VolumeOptions?: {
    readonly NoCopy: boolean;
    readonly Labels: Record<string, string>;
    readonly DriverConfig: { readonly Name: string; readonly Options: Record<string, Text> };
  };
  readonly TmpfsOptions?: { readonly SizeBytes: number; readonly Mode: number };
}

/** @param text makes text of a value, where all values are known */
export function engineMount<Text>(mount: Mount, text: (value: Maybe<string>) => Text): EngineMount<Text> {
  const { type, target, readOnly } = mount;
  const at: EngineMount<Text> = {
    Type: type,
    Source: mount.type === "tmpfs" ? "" : text(mount.source),
    Target: target,
    ...(readOnly === true ? { ReadOnly: true } : {}),
  };
  if (mount.type === "tmpfs") {
    const { size, mode } = mount;
    if (size === undefined && mode === undefined) return at;
    return { ...at, TmpfsOptions: { SizeBytes: size ?? 0, Mode: mode ?? 0 } };
  }
  if (mount.type === "bind" || (mount.driver === undefined && mount.driverOptions === undefined)) return at;
  const { driver = LOCAL, driverOptions = {} } = mount;
  const Options = Object.fromEntries(Object.entries(driverOptions).map(([name, value]) => [name, text(value)]));
  return { ...at, VolumeOptions: { NoCopy: false, Labels: {}, DriverConfig: { Name: driver, Options } } };
}
