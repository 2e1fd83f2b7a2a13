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

/** Parses `0.5`, `"0.5"` or `"500m"` to billionths of a CPU. */
export function parseCpus(value: string | number): NanoCpus | undefined {
  const match = /^(\d+(?:\.\d+)?)(m?)$/.exec(String(value));
  if (match === null) return undefined;
  const nano = Math.round(Number(match[1]) * (match[2] === "m" ? 1e6 : 1e9));
  // A number above the engine's own range is no number of CPUs either.
  return nano > 0 && nano <= Number.MAX_SAFE_INTEGER ? nano : undefined;
}

// Docker's lower-case letters and Kubernetes' ?i suffixes are both powers of 1024. A bare upper-case letter is 1000 to
// the one and 1024 to the other, so it is not accepted.
const memoryUnits: Readonly<Record<string, number>> = {
  "": 1,
  b: 1,
  k: 2 ** 10,
  Ki: 2 ** 10,
  m: 2 ** 20,
  Mi: 2 ** 20,
  g: 2 ** 30,
  Gi: 2 ** 30,
  t: 2 ** 40,
  Ti: 2 ** 40,
};

/** Parses `268435456`, `"256m"`, `"256Mi"`, `"1g"` or `"1Gi"` to bytes. */
export function parseMemory(value: string | number): Bytes | undefined {
  const match = /^(\d+(?:\.\d+)?)(b|k|m|g|t|Ki|Mi|Gi|Ti)?$/.exec(String(value));
  const unit = memoryUnits[match?.[2] ?? ""];
  if (match === null || unit === undefined) return undefined;
  return Math.round(Number(match[1]) * unit);
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
