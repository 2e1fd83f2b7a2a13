import { parseDeed } from "../state/history";

/** Time of the last release, in seconds since the epoch. @param log audit lines, oldest first */
export function lastRelease(log: readonly string[]): number | undefined {
  const deed = log.flatMap((line) => parseDeed(line) ?? []).findLast(({ what }) => /^Release\b/.test(what));
  return deed === undefined ? undefined : Date.parse(deed.at) / 1000;
}

/** Time (in seconds since the epoch) and actor of the last scaling. @param log audit lines, oldest first */
export function lastScale(log: readonly string[]): { readonly at: number; readonly actor: string } | undefined {
  const deed = log.flatMap((line) => parseDeed(line) ?? []).findLast(({ what }) => what === "Scale");
  return deed === undefined ? undefined : { at: Date.parse(deed.at) / 1000, actor: deed.actor };
}
