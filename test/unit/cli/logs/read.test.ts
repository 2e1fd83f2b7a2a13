import { readPast, type Count } from "../../../../cli/logs/read";
import type { Observation } from "../../../../cli/observe/observe";
import type { LogLine } from "../../../../provider/engine/log-lines";
import type { Seen, Viewer } from "../../../../provider/orchestrators/viewer";

// Lines that `logs` shows when no number is given.

const day = (number: number) => `2026-11-${String(number).padStart(2, "0")}T00:00:00.000000000Z`;
const audit = Array.from({ length: 15 }, (_, at) => ({
  time: day(at + 1),
  source: "formation[api]",
  text: `a${at + 1}`,
}));

/** Reads the log of a process that has written a line on each of these days. */
async function shown(days: readonly number[], count: Count): Promise<readonly string[]> {
  const viewer = {
    name: "a",
    async *logs(): AsyncGenerator<LogLine> {
      for (const one of days) yield await Promise.resolve({ time: day(one), stream: "stdout", text: `w${one}` });
    },
  } as unknown as Viewer;
  const containers = [{ container: "c", type: "web", index: 1 }] as unknown as readonly Seen[];
  const looks = [{ kind: "seen", viewer, containers }] as unknown as readonly Observation[];
  const lines: string[] = [];
  const { entries } = readPast(looks, { isMeant: () => true, warn: () => undefined, audit, count });
  for await (const { text } of entries) lines.push(text);
  return lines;
}

test.each<[string, readonly number[], Count, string]>([
  [
    "the formation's last ones before lines of today",
    [20, 21],
    { ofProcesses: 100 },
    "a6 a7 a8 a9 a10 a11 a12 a13 a14 a15 w20 w21",
  ],
  [
    "all of the formation's since the first line",
    [3, 20],
    { ofProcesses: 100 },
    "w3 a3 a4 a5 a6 a7 a8 a9 a10 a11 a12 a13 a14 a15 w20",
  ],
  [
    "those since the first line that is shown",
    [1, 5, 20],
    { ofProcesses: 2 },
    "w5 a5 a6 a7 a8 a9 a10 a11 a12 a13 a14 a15 w20",
  ],
  ["the last so many of all", [14, 20], { inAll: 4 }, "w14 a14 a15 w20"],
  ["everything", [20], { all: true }, "a1 a2 a3 a4 a5 a6 a7 a8 a9 a10 a11 a12 a13 a14 a15 w20"],
])("%s", async (_, days, count, lines) => {
  expect((await shown(days, count)).join(" ")).toBe(lines);
});
