import { existsSync, readFileSync, writeFileSync } from "node:fs";

// A file holds the reports of several benchmarks, each between marks of its own.

const marks = (name: string) => [`<!-- ${name} -->`, `<!-- end of ${name} -->`] as const;

/** Replaces the former report of a name by a new one. */
export function writeSection(file: string, name: string, text: string): void {
  const [begin, end] = marks(name);
  const before = readFileSync(file, "utf8");
  const [at, to] = [before.indexOf(begin), before.indexOf(end)];
  if (at < 0 || to < at) throw new Error(`${file} has no ${begin} … ${end}`);
  writeFileSync(file, `${before.slice(0, at + begin.length)}\n\n${text}\n\n${before.slice(to)}`);
}

/** Rest of a file below its first report: the headings and reports of the other benchmarks. */
export function otherSections(file: string): string {
  const text = existsSync(file) ? readFileSync(file, "utf8") : "";
  const at = text.indexOf("\n## ");
  return at < 0 ? "" : text.slice(at);
}
