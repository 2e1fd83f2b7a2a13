/** Numbers with units, in the spellings of Docker and Kubernetes. Each parser answers `undefined` for anything else. */

export type Seconds = number;
export type Bytes = number;
/** Billionths of a CPU, as the Docker engine counts them. */
export type NanoCpus = number;

const durationUnits = { ms: 0.001, s: 1, m: 60, h: 3600 } as const;

/** Parses `90`, `"90s"`, `"1m30s"` or `"500ms"` to seconds. */
export function parseDuration(value: string | number): Seconds | undefined {
  if (typeof value === "number") return Number.isFinite(value) && value >= 0 ? value : undefined;
  if (!/^(\d+(\.\d+)?(ms|s|m|h))+$/.test(value)) return undefined;
  let total = 0;
  for (const [, amount, unit] of value.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h)/g)) {
    total += Number(amount) * durationUnits[unit as keyof typeof durationUnits];
  }
  return total;
}

const NUMBER = String.raw`\d+(?:\.\d+)?|\.\d+`;
const CPUS = new RegExp(`^(${NUMBER})(m?)$`);

/** Parses `0.5`, `".5"` or `"500m"` to billionths of a CPU. */
export function parseCpus(value: string | number): NanoCpus | undefined {
  const match = CPUS.exec(String(value));
  if (match === null) return undefined;
  const nano = Math.round(Number(match[1]) * (match[2] === "m" ? 1e6 : 1e9));
  // A number above the engine's own range is no number of CPUs either.
  return nano > 0 && nano <= Number.MAX_SAFE_INTEGER ? nano : undefined;
}

// All letters are powers of 1024, as Docker counts: a size moved here from Compose must stay what it was.
const MEMORY = new RegExp(`^(${NUMBER}) ?((?:([kmgt])i?)?b?)$`, "i");
/** Units in one case, or as IEC and Kubernetes write them. To many people `Mb` counts bits, and `kB` thousands. */
const PLAIN_UNIT = /^([a-z]*|[A-Z]*|[KMGT]iB?)$/;
const POWERS: Readonly<Record<string, number>> = { "": 0, k: 1, m: 2, g: 3, t: 4 };

/** Parses `268435456`, `"256m"`, `"256MB"`, `"256Mi"` or `"1.5G"` to bytes. */
export function parseMemory(value: string | number): Bytes | undefined {
  const [, amount, unit = "", letter = ""] = MEMORY.exec(String(value)) ?? [];
  const power = POWERS[letter.toLowerCase()];
  if (amount === undefined || power === undefined || !PLAIN_UNIT.test(unit)) return undefined;
  return Math.round(Number(amount) * 1024 ** power);
}

/** Words on a size such as `512Mb`, and what to write for bytes; `undefined` when the unit is not the fault. */
export function inBytes(value: unknown): string | undefined {
  const [, amount, unit = "", letter = ""] = typeof value === "string" ? (MEMORY.exec(value) ?? []) : [];
  if (amount === undefined || PLAIN_UNIT.test(unit)) return undefined;
  const bytes = amount + letter.toUpperCase();
  return `"${bytes}B" or "${bytes}i": ${unit} may count bits or thousands`;
}

/** Formats 90 seconds as `1 min 30 s`, for messages. */
export function formatDuration(seconds: Seconds): string {
  const parts = [
    [Math.floor(seconds / 3600), "h"],
    [Math.floor((seconds % 3600) / 60), "min"],
    [Number((seconds % 60).toFixed(3)), "s"],
  ] as const;
  const text = parts.flatMap(([amount, unit]) => (amount === 0 ? [] : [`${amount} ${unit}`])).join(" ");
  return text === "" ? "0 s" : text;
}

/** ISO 8601, UTC. An invalid time becomes the first second of the epoch: it must not cost the rest of a text. */
export function isoTime(at: Seconds): string {
  const time = new Date(at * 1000);
  return Number.isNaN(time.getTime()) ? "1970-01-01T00:00:00.000Z" : time.toISOString();
}

/** Formats 536870912 bytes as `512 MiB`, for messages. */
export function formatBytes(bytes: Bytes): string {
  const units = ["B", "KiB", "MiB", "GiB", "TiB"];
  const power = Math.min(units.length - 1, Math.max(0, Math.floor(Math.log2(Math.max(1, bytes)) / 10)));
  return `${Number((bytes / 1024 ** power).toFixed(1))} ${units[power]}`;
}
