import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Life } from "../engine-events";
import { INTERVAL_MS, meetings } from "../heartbeats";
import type { Rig } from "./index";

/** Port of the collector in the namespaces of every engine. */
export const COLLECTOR = "9999";

// Writes a line for each beat: its container, and the port that only this run of its process sends from.
const collector = `require("dgram").createSocket("udp4")
  .on("message", (text, from) => console.log(text + " " + from.port))
  .bind(${COLLECTOR})`;

const fileOf = (rig: Rig, index: number) => join(rig.folder, `heartbeats-${index}`);

/** Collects the beats of all engines' processes, each beside its engine, so that cutting a link does not lose any. */
export async function collectHeartbeats(rig: Rig): Promise<void> {
  await Promise.all(
    rig.engines.map((_, index) => rig.beside(index, fileOf(rig, index), process.execPath, "-e", collector)),
  );
}

/** Runs of processes on all engines, merged, as the machine has one clock. */
export function livesHeard(rig: Rig): Life[] {
  const lives = new Map<string, { container: string; from: number; to: number }>();
  for (const { name, index } of rig.engines.map(({ name }, index) => ({ name, index }))) {
    for (const line of readFileSync(fileOf(rig, index), "utf8").split("\n").slice(0, -1)) {
      const [time, container = "", port = ""] = line.split(" ");
      const at = Number(time);
      const run = `${name} ${container} ${port}`;
      const life = lives.get(run) ?? { container: `${name}:${container}`, from: at, to: at };
      lives.set(run, { ...life, from: Math.min(life.from, at), to: Math.max(life.to, at) });
    }
  }
  return [...lives.values()];
}

/** Cases of two processes that ran at once, on whatever hosts. */
export function overlapsHeard(rig: Rig): string[] {
  return meetings(livesHeard(rig), INTERVAL_MS, "beats");
}
