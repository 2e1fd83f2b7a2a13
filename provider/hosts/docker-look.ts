import type { ContainerInfo } from "dockerode";
import { hasCode } from "../core/errors";
import { LABEL } from "../core/labels";
import type { ObservedHost, Query, Stranger } from "../core/observed";
import { nameOf, observedInstance } from "./container";
import { query } from "./engine-http";

/** A container that is not ours may be a broken one, of which the engine has nothing to tell. */
type Listed = Partial<ContainerInfo>;

/** Asks the engine; the path names no version. */
export type Get = <T>(path: string) => Promise<T>;

/** What an engine tells of itself. */
export interface Info {
  readonly ID: string;
  readonly NCPU: number;
  readonly MemTotal: number;
}

interface Asks {
  /** It takes longest, and is alike in all versions of the API: it does not wait until one is agreed on. */
  readonly info: () => Promise<Info>;
  readonly get: Get;
  /** Asks a registry for a newer image. */
  readonly newer: () => Promise<string | undefined>;
}

/** All that a plan needs to know of one engine. */
export async function lookAt(
  { name, address }: { readonly name: string; readonly address: string },
  { apps, fixedPorts, image }: Query,
  asks: Asks,
): Promise<ObservedHost> {
  // One list of everything costs an engine less than one by label, one by name and one by port, which overlap.
  const [info, all, imageId, newerImage] = await Promise.all([
    asks.info(),
    asks.get<Listed[]>(`/containers/json${query({ all: true })}`),
    image === undefined ? undefined : imageIdOf(asks.get, image),
    asks.newer(),
  ]);
  const isOurs = (one: Listed): one is ContainerInfo => apps.includes(one.Labels?.[LABEL.app] ?? "");
  const isInTheWay = ({ name, ports }: Stranger) =>
    apps.some((app) => name.startsWith(`${app}.`)) || ports.some((port) => fixedPorts.includes(port));
  return {
    ...{ name, address, engine: info.ID },
    instances: all.filter(isOurs).map((one) => observedInstance(name, one)),
    strangers: all
      .filter((one) => !isOurs(one))
      .map(stranger)
      .filter(isInTheWay),
    ...(imageId === undefined ? {} : { imageId }),
    ...(newerImage === undefined ? {} : { newerImage }),
    capacity: { cpus: info.NCPU * 1e9, memory: info.MemTotal },
  };
}

/** The id of the image that a reference means on the engine, if it has one. */
export async function imageIdOf(get: Get, image: string): Promise<string | undefined> {
  const path = image.split("/").map(encodeURIComponent).join("/");
  try {
    return (await get<{ Id: string }>(`/images/${path}/json`)).Id;
  } catch (error) {
    if (hasCode(error, "NotFound")) return undefined;
    throw error;
  }
}

function stranger({ Names, Ports }: Listed): Stranger {
  const ports = Ports?.map((port) => port.PublicPort).filter(Boolean) ?? [];
  return { name: nameOf({ Names: Names ?? [] }), ports };
}
