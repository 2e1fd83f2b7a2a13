import type { DesiredInstance } from "./desired";

/** The labels by which a container is ours. Names and digests only: a label is shown to everybody. */
export const LABEL = {
  app: "formation.app",
  owner: "formation.owner",
  type: "formation.type",
  index: "formation.index",
  singleton: "formation.singleton",
  image: "formation.image",
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
