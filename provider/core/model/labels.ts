import type { DesiredInstance } from "./desired";
import { KEY_VARIABLE } from "./environment";

/** The labels by which a container is ours. They hold names and digests only, because a label is shown to everybody. */
export const LABEL = {
  app: "formation.app",
  /** The formation's identity, see `identity.ts`; containers of version 0.1 have none. */
  identity: "formation.identity",
  /** `project/stack`, for people. */
  owner: "formation.owner",
  type: "formation.type",
  index: "formation.index",
  singleton: "formation.singleton",
  image: "formation.image",
  imageId: "formation.image-id",
  port: "formation.port",
  configuration: "formation.configuration",
  stopTimeout: "formation.stop-timeout",
  /** The folder of the secrets that it gets as files. */
  files: "formation.files",
  /** On a container that never runs, through which files are written: the identity of its formation. */
  carrier: "formation.carrier",
  /** The names of all networks of a container that has several. */
  networks: "formation.networks",
} as const;

export function labelsOf(want: DesiredInstance): Record<string, string> {
  return {
    [LABEL.app]: want.app,
    [LABEL.identity]: want.identity,
    [LABEL.owner]: want.owner,
    [LABEL.type]: want.type,
    [LABEL.index]: String(want.index),
    [LABEL.singleton]: String(want.singleton),
    [LABEL.image]: String(want.image),
    [LABEL.configuration]: want.configuration,
    [LABEL.stopTimeout]: String(want.settings.stopTimeout),
    ...(want.files === undefined ? {} : { [LABEL.files]: want.files.folder }),
    ...(want.networks.length > 1 ? { [LABEL.networks]: want.networks.map(({ name }) => String(name)).join(",") } : {}),
  };
}

/**
 * The holder of a wanted container's name: that container, a leftover of an interrupted update in its slot, or a
 * stranger.
 */
export type Holder = "wanted" | "leftover" | "stranger";

/** @param env the container's environment, `NAME=value` each: labels prove nothing */
export function holderOf(
  labels: Readonly<Record<string, string>>,
  env: readonly string[],
  want: DesiredInstance,
): Holder {
  const wanted = labelsOf(want);
  const agree = (names: readonly string[]) => names.every((name) => labels[name] === wanted[name]);
  if (keyIn(env) !== String(want.env[KEY_VARIABLE])) return "stranger";
  if (agree(Object.keys(wanted).filter((name) => name !== LABEL.owner))) return "wanted";
  return agree([LABEL.app, LABEL.type, LABEL.index]) ? "leftover" : "stranger";
}

/** The formation's key, read from a container's environment. */
export function keyIn(env: readonly string[]): string | undefined {
  const prefix = `${KEY_VARIABLE}=`;
  return env.find((pair) => pair.startsWith(prefix))?.slice(prefix.length);
}
