import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { FormationError } from "../../provider/core/values/errors";

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** Handling of Ctrl-C during a change. */
export interface Interruption {
  /** Path of a file whose appearance asks the update to begin no more steps. */
  readonly stopFile: string;
  readonly isRequested: () => boolean;
  /** Sets the process group that does the work from now on. */
  readonly working: (group: number) => void;
  readonly end: () => void;
}

/** Makes signals ask for an orderly end: steps under way are finished, and the outcome is recorded. */
export function watchInterruption(note: (line: string) => void): Interruption {
  const folder = mkdtempSync(join(tmpdir(), "formation-"));
  const stopFile = join(folder, "stop");
  let requests = 0;
  let group: number | undefined;
  const onSignal = () => {
    if (requests++ === 0) {
      writeFileSync(stopFile, "");
      note("ending what was begun, then stopping; it is recorded as it is then");
      return;
    }
    note(`still ending what was begun${requests > 2 && group !== undefined ? howToForce(group) : ""}`);
  };
  for (const signal of SIGNALS) process.on(signal, onSignal);
  return {
    stopFile,
    isRequested: () => requests > 0,
    working: (pid) => (group = pid),
    end: () => {
      for (const signal of SIGNALS) process.off(signal, onSignal);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Tells people how to end an update that hangs, because only they can judge that it does. */
function howToForce(group: number): string {
  return `; if it hangs, kill -9 -- -${group} ends it in the middle of a step, and formation unlock clears its lock`;
}

export function refuseInterrupted({ isRequested }: Pick<Interruption, "isRequested">): void {
  if (isRequested()) throw new FormationError("Interrupted", "stopped; nothing was changed");
}
