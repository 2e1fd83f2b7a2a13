import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { argumentsOf } from "../../../../../provider/core/model/environment";
import { optional } from "../../../../../provider/core/inputs/process-type";

// A command line ends in good order when all its processes get SIGTERM, as from a container's init.

const folder = mkdtempSync(join(tmpdir(), "line-"));
afterAll(() => rmSync(folder, { recursive: true }));
/** Program that prints that it is up, takes its time to stop on any signal, prints that it is done, and ends with 7. */
const tidy = join(folder, "tidy");
writeFileSync(
  tidy,
  `#!/bin/sh\ntrap 'sleep 0.2; echo done; exit 7' TERM INT QUIT USR1 USR2\necho up\nwhile true; do sleep 0.05; done\n`,
  {
    mode: 0o755,
  },
);
/** Program that handles no signal. */
const plain = `sh -c "echo up; exec sleep 60"`;

const SHELLS: readonly (readonly [shell: string, ...args: string[]])[] = [
  ["dash"],
  ["bash"],
  ["bash", "--posix"],
  ["busybox", "sh"],
];
const here = SHELLS.filter(([shell]) => spawnSync(shell, ["-c", "true"]).error === undefined);
const missing = SHELLS.filter((shell) => !here.includes(shell));

/** Command line with its output, line by line and sorted, and its exit code, unless that depends on the very moment. */
interface Row {
  readonly title: string;
  readonly line: string;
  readonly said: readonly string[];
  readonly code?: number;
}
const row = (title: string, line: string, said: readonly string[], code?: number): Row => ({
  title,
  line,
  said,
  ...optional("code", code),
});

const rows: readonly Row[] = [
  row("a program", tidy, ["done", "up"], 7),
  row("a program that handles no signal", plain, ["up"], 143),
  row("a loop", `while true; do ${plain}; done`, ["up"], 143),
  row("a loop until it succeeds", `until ${tidy}; do sleep 60; done`, ["done", "up"], 7),
  row("a loop of the shell's own words", "echo up; while true; do :; done", ["up"]),
  row("a sequence", `${tidy}; echo next`, ["done", "up"], 7),
  row("a sequence of what handles no signal", `${plain}; echo next`, ["up"], 143),
  row("an alternative", `${tidy} || echo next`, ["done", "up"], 7),
  row("another folder", `cd / && ${tidy}`, ["done", "up"], 7),
  row("a pipe", `exec 3>&1; ${plain} >&3 | ${tidy}`, ["done", "up", "up"], 7),
  row("a value of a variable", `exec 3>&1; X=$(${tidy} >&3); echo next`, ["done", "up"]),
  row("a background and a foreground", `${tidy} & ${tidy}; echo next`, ["done", "done", "up", "up"], 7),
  row("two in the background", `${tidy} & ${tidy} & wait; echo next`, ["done", "done", "up", "up"]),
  row("a wait that is taken up again", `${tidy} & p=$!; wait $p; wait $p; echo next`, ["done", "up"]),
  row("exec", `exec ${tidy}`, ["done", "up"], 7),
  row("a trap of its own", `trap 'echo own; exit 3' TERM; ${tidy}; echo next`, ["done", "own", "up"], 3),
  row("a trap at its end", `trap 'echo bye' EXIT; ${tidy}; echo next`, ["bye", "done", "up"], 7),
];

describe.each(here)("%s %s", (shell, ...args) => {
  test.each(rows)("$title", async ({ line, said, code }) => {
    const [, ...words] = argumentsOf(line);
    const child = spawn(shell, [...args, ...words], { detached: true, stdio: ["ignore", "pipe", "ignore"] });
    const closed = once(child, "close") as Promise<[number | null]>;
    let output = "";
    const count = (word: string) => output.split(`${word}\n`).length - 1;
    const up = new Promise<void>((resolve) => {
      child.stdout.setEncoding("utf8").on("data", (text: string) => {
        output += text;
        if (count("up") === said.filter((word) => word === "up").length) resolve();
      });
    });
    try {
      await Promise.race([up, closed]);
      process.kill(-child.pid!, "SIGTERM");
      const [ended] = await closed;
      expect(output.trim().split("\n").sort()).toEqual(said);
      if (code !== undefined) expect(ended).toBe(code);
    } finally {
      if (child.exitCode === null && child.signalCode === null) process.kill(-child.pid!, "SIGKILL");
    }
  });
});

if (missing.length > 0) test.skip.each(missing)("%s is not installed here", () => undefined);

test("a list of words is run as it is", () => {
  expect(argumentsOf(["serve", "$PORT", "a b"])).toEqual(["serve", "$PORT", "a b"]);
});
