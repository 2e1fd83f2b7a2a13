import type { DesiredInstance } from "./desired";

/** The labels by which a container is ours. Names and digests only: a label is shown to everybody. */
export const LABEL = {
  app: "formation.app",
  owner: "formation.owner",
  type: "formation.type",
  index: "formation.index",
  singleton: "formation.singleton",
  image: "formation.image",
  imageId: "formation.image-id",
  port: "formation.port",
  configuration: "formation.configuration",
  stopTimeout: "formation.stop-timeout",
} as const;

export function labelsOf(want: DesiredInstance): Record<string, string> {
  return {
    [LABEL.app]: want.app,
    [LABEL.owner]: want.owner,
    [LABEL.type]: want.type,
    [LABEL.index]: String(want.index),
    [LABEL.singleton]: String(want.singleton),
    [LABEL.image]: String(want.image),
    [LABEL.configuration]: want.configuration,
    [LABEL.stopTimeout]: String(want.stopTimeout),
  };
}

/** What a container that has a wanted one's name is: that one, what an interrupted update left in its slot, or a stranger. */
export type Holder = "wanted" | "leftover" | "stranger";

export function holderOf(labels: Readonly<Record<string, string>>, want: DesiredInstance): Holder {
  const wanted = labelsOf(want);
  const agree = (names: readonly string[]) => names.every((name) => labels[name] === wanted[name]);
  if (agree(Object.keys(wanted))) return "wanted";
  return agree([LABEL.app, LABEL.owner, LABEL.type, LABEL.index]) ? "leftover" : "stranger";
}
