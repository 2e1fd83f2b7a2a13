import { existsSync } from "node:fs";
import { watchInterruption } from "../../../../cli/change/interrupt";

test("Ctrl-C asks for an orderly end; who presses it a third time is told how to force one", () => {
  const said: string[] = [];
  const interruption = watchInterruption((line) => said.push(line));
  try {
    interruption.working(4711);
    expect(interruption.isRequested()).toBe(false);
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP", "SIGINT"] as const) process.emit(signal, signal);
    expect(interruption.isRequested()).toBe(true);
    expect(existsSync(interruption.stopFile)).toBe(true);
  } finally {
    interruption.end();
  }
  const force =
    "still ending what was begun; if it hangs, kill -9 -- -4711 ends it in the middle of a step, and formation unlock clears its lock";
  expect(said).toEqual([
    "ending what was begun, then stopping; it is recorded as it is then",
    "still ending what was begun",
    force,
    force,
  ]);
  expect(existsSync(interruption.stopFile)).toBe(false);
});

test("before Pulumi works there is nothing to force", () => {
  const said: string[] = [];
  const interruption = watchInterruption((line) => said.push(line));
  try {
    for (let times = 0; times < 3; times++) process.emit("SIGINT", "SIGINT");
  } finally {
    interruption.end();
  }
  expect(said.at(-1)).toBe("still ending what was begun");
});
