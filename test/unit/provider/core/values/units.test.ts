import { parseCpus, parseMemory } from "../../../../../provider/core/values/units";

// Sizes as people write them in Compose, Docker, Kubernetes and Kamal.

const MiB = 2 ** 20;

test.each<[string | number, number]>([
  [268435456, 256 * MiB],
  ["268435456", 256 * MiB],
  ["268435456b", 256 * MiB],
  ["268435456B", 256 * MiB],
  ["524288k", 512 * MiB],
  ["524288K", 512 * MiB],
  ["524288kb", 512 * MiB],
  ["524288KB", 512 * MiB],
  ["524288Ki", 512 * MiB],
  ["524288KiB", 512 * MiB],
  ["512m", 512 * MiB],
  ["512M", 512 * MiB],
  ["512mb", 512 * MiB],
  ["512MB", 512 * MiB],
  ["512Mi", 512 * MiB],
  ["512MiB", 512 * MiB],
  ["512mib", 512 * MiB],
  ["512 MiB", 512 * MiB],
  ["0.5g", 512 * MiB],
  [".5G", 512 * MiB],
  ["1.5G", 1536 * MiB],
  ["1.5GB", 1536 * MiB],
  ["1.5Gi", 1536 * MiB],
  ["1t", MiB * MiB],
  ["1T", MiB * MiB],
  ["1TB", MiB * MiB],
  ["1Ti", MiB * MiB],
  ["1.5", 2],
])("%j of memory", (given, bytes) => {
  expect(parseMemory(given)).toBe(bytes);
});

const bad = ["", "M", ".", "1.", "1..5G", "1,5G", "-1M", "+1M", "1e3", "512Mb", "512mB", "1kB", "1Mib", "1miB", "1iB"];
test.each([...bad, "1  M", "1 M ", " 1M", "1MM", "1P", "1Pi", "1Mi/s", "1M\n", NaN, Infinity, -1])(
  "%j is no amount of memory",
  (given) => {
    expect(parseMemory(given)).toBeUndefined();
  },
);

test.each<[string | number, number]>([
  [0.5, 5e8],
  ["0.5", 5e8],
  [".5", 5e8],
  ["500m", 5e8],
  ["2", 2e9],
  ["1.25", 1.25e9],
])("%j CPUs", (given, nano) => {
  expect(parseCpus(given)).toBe(nano);
});

test.each([0, "0", "", ".", "1.", "-1", "0,5", "500M", "1e3", "1 m", NaN, Infinity])(
  "%j is no number of CPUs",
  (given) => {
    expect(parseCpus(given)).toBeUndefined();
  },
);
