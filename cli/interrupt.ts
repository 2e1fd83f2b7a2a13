import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { FormationError } from "../provider/core/errors";

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** What becomes of Ctrl-C while something is being changed. */
export interface Interruption {
  /** Appears when the running steps are to be the last ones. */
  readonly stopFile: string;
  readonly isRequested: () => boolean;
  readonly end: () => void;
}

/** From now on a signal only asks for an orderly end: what was begun is finished, and what is so is recorded. */
export function watchInterruption(note: (line: string) => void): Interruption {
  const folder = mkdtempSync(join(tmpdir(), "formation-"));
  const stopFile = join(folder, "stop");
  let requested = false;
  const onSignal = () => {
    if (!requested) writeFileSync(stopFile, "");
    note(
      requested ? "still ending what was begun" : "ending what was begun, then stopping; it is recorded as it is then",
    );
    requested = true;
  };
  for (const signal of SIGNALS) process.on(signal, onSignal);
  return {
    stopFile,
    isRequested: () => requested,
    end: () => {
      for (const signal of SIGNALS) process.off(signal, onSignal);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

export function refuseInterrupted({ isRequested }: Pick<Interruption, "isRequested">): void {
  if (isRequested()) throw new FormationError("Interrupted", "stopped; nothing was changed");
}
