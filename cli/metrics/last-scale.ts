/** When the formation was last scaled, in seconds since the epoch, and by whom. @param log audit lines, oldest first */
export function lastScale(log: readonly string[]): { readonly at: number; readonly actor: string } | undefined {
  for (const line of [...log].reverse()) {
    const [, time = "", actor = ""] = /^(\S+) formation\[api\]: Scale to .* by (.*?)(?: \([^()]*\))?$/.exec(line) ?? [];
    if (time !== "") return { at: Date.parse(time) / 1000, actor };
  }
  return undefined;
}
