import type { ContainerCreateOptions, ContainerInfo, ContainerInspectInfo } from "../../../engine/containers";
import type { DesiredInstance } from "../../../core/model/desired";
import { LABEL, labelsOf } from "../../../core/model/labels";
import type { ObservedInstance, Settings } from "../../../core/model/observed";
import { plainLine } from "../../../core/values/plain";
import { DEFAULT_STOP_TIMEOUT } from "../../../core/inputs/container/container-settings";
import { optional } from "../../../core/inputs/process-type";
import type { AgreedEngine } from "../../../engine/api-version";
import { engineError, type Named } from "../../../engine/errors";
import { ACT_TIMEOUT_MS, query, type Asked } from "../../../engine/client";
import { forPodman, stateFrom } from "../../../engine/podman";
import { firstNetwork, isConnected } from "./networks";
import { together } from "./settings";
import { filesMount } from "./files-mount";
import { CREATED, whole, wholeContainer } from "../../../engine/whole";

interface Created {
  readonly id: string;
  /** Objections of an engine that created the container all the same. */
  readonly warnings: readonly string[];
}

/** @param isUnique true when a repeated create would be refused its name, which would hide that the first succeeded */
export async function createContainer(
  engine: AgreedEngine,
  options: ContainerCreateOptions,
  isUnique = false,
): Promise<Created> {
  const { name, platform, ...body } = (await engine.isPodman()) ? forPodman(options) : options;
  type Answer = { readonly Id: string; readonly Warnings: readonly string[] | null };
  const path = `/containers/create${query({ name, platform })}`;
  const answer = await engine.act<Answer>("POST", path, { body, isUnique });
  const { Id: id, Warnings: warnings } = checked(engine.host, () => whole(answer, CREATED));
  return { id, warnings: warnings ?? [] };
}

/** Refuses an answer that is not whole. @param judge throws for such an answer */
function checked<T>(host: Named, judge: () => T): T {
  try {
    return judge();
  } catch (error) {
    throw engineError(error, host);
  }
}

/** Inspects a container. It has the long deadline of actions, as an engine that starts or stops many answers late. */
export async function inspect(engine: Asked, container: string): Promise<ContainerInspectInfo> {
  const answer = await engine.get<ContainerInspectInfo>(`/containers/${container}/json`, ACT_TIMEOUT_MS);
  return checked(engine.host, () => wholeContainer(answer));
}

export async function isPaused(engine: AgreedEngine, container: string): Promise<boolean> {
  return (await inspect(engine, container)).State.Status === "paused";
}

/** @throws NoEngine when it does not show what variables there are */
export function variableIn(answer: ContainerInspectInfo, name: string): string | undefined {
  const { Config } = wholeContainer(answer);
  return Config.Env?.find((pair) => pair.startsWith(`${name}=`))?.slice(name.length + 1);
}

/** Translates a wanted container into Docker's create options. */
export function createOptions(want: DesiredInstance, hostPort: number | undefined): ContainerCreateOptions {
  const port = `${want.publish?.port ?? 0}/tcp`;
  const { config, host } = together(want.settings);
  const { mode, config: networking } = firstNetwork(want);
  return {
    name: want.name,
    Image: String(want.image),
    Hostname: want.hostname,
    ...(want.arguments === undefined ? {} : { Cmd: [...want.arguments] }),
    Env: Object.entries(want.env).map(([name, value]) => `${name}=${String(value)}`),
    ...config,
    Labels: { ...config.Labels, ...labelsOf(want) },
    ...networking,
    ...(want.publish === undefined ? {} : { ExposedPorts: { [port]: {} } }),
    HostConfig: {
      ...host,
      // `unless-stopped` leaves processes down for good after a crash of the engine.
      RestartPolicy: { Name: want.restart ? "always" : "no" },
      ...(want.files === undefined ? {} : { Mounts: [...(host.Mounts ?? []), filesMount(want.files)] }),
      ...optional("NetworkMode", mode),
      ...(want.publish === undefined || hostPort === undefined
        ? {}
        : { PortBindings: { [port]: [{ HostIp: want.publish.address, HostPort: String(hostPort) }] } }),
    },
  };
}

/** Reads an instance from an entry of the engine's container list that carries our labels. */
export function observedInstance(host: string, info: ContainerInfo): ObservedInstance {
  const label = (name: string) => info.Labels[name] ?? "";
  const published = info.Ports.find((port) => Boolean(port.PublicPort));
  const health = /\((healthy|unhealthy|health: starting)\)/.exec(info.Status)?.[1]?.replace("health: ", "");
  return {
    host,
    container: info.Id,
    name: nameOf(info),
    app: plainLine(label(LABEL.app)),
    owner: plainLine(label(LABEL.owner)),
    ...(info.Labels[LABEL.identity] === undefined ? {} : { identity: info.Labels[LABEL.identity] }),
    type: plainLine(label(LABEL.type)),
    index: Number(label(LABEL.index)),
    singleton: label(LABEL.singleton) === "true",
    image: label(LABEL.image),
    imageId: info.ImageID,
    configuration: label(LABEL.configuration),
    stopTimeout: Number(label(LABEL.stopTimeout) || DEFAULT_STOP_TIMEOUT),
    state: stateFrom(info.State),
    ...(health === undefined ? {} : { health: health as "starting" | "healthy" | "unhealthy" }),
    createdAt: info.Created,
    ...(published === undefined ? {} : { published: { address: published.IP, port: published.PublicPort } }),
    ...optional("files", info.Labels[LABEL.files]),
  };
}

/** @param boundsPids true when the engine enforces pids limits; without that, an absent limit is no drift */
export function settingsOf(container: ContainerInspectInfo, boundsPids: boolean): Settings {
  const { HostConfig } = container;
  const { PidsLimit: pids = 0 } = HostConfig;
  return {
    ...optional("cpus", HostConfig.NanoCpus || undefined),
    ...optional("memory", HostConfig.Memory || undefined),
    ...optional("pids", pids > 0 ? pids : boundsPids ? Infinity : undefined),
    isRestarted: HostConfig.RestartPolicy?.Name === "always",
    isConnected: isConnected(container),
  };
}

/** Digest of the manifest that a container was created from, whichever index led to it. */
export function manifestOf(info: ContainerInfo): string | undefined {
  return info.ImageManifestDescriptor?.digest;
}

/** Gives all containers that were created from one manifest the image id that the oldest of them has. */
export function underFirstId(list: readonly ContainerInfo[]): readonly ContainerInfo[] {
  const first = new Map<string, ContainerInfo>();
  for (const info of list) {
    const manifest = manifestOf(info);
    const known = manifest === undefined ? undefined : first.get(manifest);
    if (manifest !== undefined && (known === undefined || isOlder(info, known))) first.set(manifest, info);
  }
  return list.map((info) => ({ ...info, ImageID: first.get(manifestOf(info) ?? "")?.ImageID ?? info.ImageID }));
}

function isOlder(container: ContainerInfo, other: ContainerInfo): boolean {
  return container.Created === other.Created ? container.Id < other.Id : container.Created < other.Created;
}

/** Own name of a container. A name with a second slash is one that a linked container uses for it. */
export function nameOf({ Names: names = [] }: Partial<Pick<ContainerInfo, "Names">>): string {
  const own = names.find((name) => /^\/?[^/]+$/.test(name)) ?? names[0] ?? "";
  return plainLine(own.replace(/^\//, ""));
}
