/** A path of a container as engines understand it: `/data/` is `/data`. */
export function pathOf(path: string): string {
  const parts = path.split("/").reduce<readonly string[]>((kept, part) => {
    if (part === "..") return kept.slice(0, -1);
    return part === "" || part === "." ? kept : [...kept, part];
  }, []);
  return `/${parts.join("/")}`;
}
