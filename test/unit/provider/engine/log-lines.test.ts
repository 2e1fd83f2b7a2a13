import { engineTime, logLines } from "../../../../provider/engine/log-lines";
import { readStatus } from "../../../../provider/orchestrators/docker/container/status-text";
import { frame } from "../../../support/frame";

const T1 = "2026-11-23T15:04:05.000000001Z";
const T2 = "2026-11-23T15:04:05.000000002Z";

async function linesOf(whole: Buffer, chunk: number): Promise<unknown[]> {
  async function* chunks() {
    for (let at = 0; at < whole.length; at += chunk) yield whole.subarray(at, at + chunk);
  }
  const lines: unknown[] = [];
  for await (const { time, stream, text } of logLines(chunks())) lines.push([time, stream, text]);
  return lines;
}

const euro = Buffer.from("€");

test.each<[string, Buffer, unknown[]]>([
  [
    "both streams",
    Buffer.concat([frame(1, `${T1} out\n`), frame(2, `${T2} err\n`)]),
    [
      [T1, "stdout", "out"],
      [T2, "stderr", "err"],
    ],
  ],
  ["an empty line", frame(1, `${T1} \n`), [[T1, "stdout", ""]]],
  [
    "a long line in pieces, cut within a character, the other stream in between",
    Buffer.concat([
      frame(1, Buffer.concat([Buffer.from(`${T1} a`), euro.subarray(0, 1)])),
      frame(2, `${T2} err\n`),
      frame(1, Buffer.concat([Buffer.from(`${T2} `), euro.subarray(1), Buffer.from("b\n")])),
    ]),
    [
      [T2, "stderr", "err"],
      [T1, "stdout", "a€b"],
    ],
  ],
  ["a last line without its end", frame(1, `${T1} half`), [[T1, "stdout", "half"]]],
  [
    "a process with a terminal",
    Buffer.from(`${T1} $ ls\r\n${T2} file\r\n${T2} half`),
    [
      [T1, "stdout", "$ ls"],
      [T2, "stdout", "file"],
      [T2, "stdout", "half"],
    ],
  ],
  ["nothing", Buffer.alloc(0), []],
])("lines of %s, however the bytes come", async (_, whole, lines) => {
  for (const chunk of [1, 3, 7, 8, 9, 1000]) expect(await linesOf(whole, chunk)).toEqual(lines);
});

test("an engine that cannot read on says so among the lines: that is an error, after what could be read", async () => {
  const failure = frame(3, "Error grabbing logs: invalid character\n");
  for (const whole of [failure, Buffer.concat([frame(1, `${T1} a\n`), failure])])
    for (const chunk of [1, 8, 1000])
      await expect(linesOf(whole, chunk)).rejects.toMatchObject({
        code: "EngineRefused",
        message: "Error grabbing logs: invalid character",
      });
});

test("a time keeps its nanoseconds on the way to the engine", () => {
  expect(engineTime("2026-11-23T15:04:05.123456789Z")).toBe("1795446245.123456789");
  expect(engineTime("2026-11-23T15:04:05Z")).toBe("1795446245.000000000");
});

test.each([
  ["Up Less than a second", { age: 0 }],
  ["Up 1 second", { age: 1 }],
  ["Up 3 seconds (health: starting)", { age: 3 }],
  ["Up About a minute", { age: 60 }],
  ["Up About an hour (Paused)", { age: 3600 }],
  ["Up 47 hours (healthy)", { age: 47 * 3600 }],
  ["Up 2 weeks", { age: 14 * 86400 }],
  ["Exited (0) 5 minutes ago", { age: 300, exitCode: 0 }],
  ["Exited (137) 2 months ago", { age: 60 * 86400, exitCode: 137 }],
  ["Restarting (1) 4 seconds ago", { age: 4, exitCode: 1 }],
  ["Created", {}],
  ["Dead", {}],
  ["Removal In Progress", {}],
])("the engine's %s", (status, read) => {
  expect(readStatus(status)).toEqual(read);
});
