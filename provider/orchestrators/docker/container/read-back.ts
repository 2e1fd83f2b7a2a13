import type { ContainerCreateOptions, ContainerInspectInfo } from "../../../engine/containers";

/** Compares the settings that protect a host with those asked for: engines silently leave out what they do not know. */
export function dropped(asked: ContainerCreateOptions, got: ContainerInspectInfo, host: string): string[] {
  const { HostConfig: want } = asked;
  const { HostConfig: has } = got;
  const kept: Readonly<Record<string, boolean>> = {
    "no-new-privileges": (has.SecurityOpt ?? []).some((one) => one.startsWith("no-new-privileges")),
    init: has.Init === true,
    "the pids limit": has.PidsLimit === want?.PidsLimit,
    "the restart policy": has.RestartPolicy?.Name === want?.RestartPolicy?.Name,
    "the size of logs": has.LogConfig?.Type === want?.LogConfig?.Type,
    "the memory limit": (has.Memory ?? 0) === (want?.Memory ?? 0),
    "the CPU limit": (has.NanoCpus ?? 0) === (want?.NanoCpus ?? 0),
  };
  const lost = Object.keys(kept).filter((what) => kept[what] !== true);
  return lost.length === 0 ? [] : [`the engine of ${host} did not keep ${lost.join(", ")}: update it, or do without`];
}
