import { execFileSync } from "node:child_process";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Time that a hook may take which builds the programs first. */
export const BUILD_TIMEOUT_MS = 30 * 60_000;

/**
 * Makes sure of the programs of Docker 29, under a lock of its own, for which other installations need not wait.
 *
 * @returns their folder
 */
export function installEngine29(): string {
  const setup = join(__dirname, "../../scripts/setup.mjs");
  const command = [join(tmpdir(), "formation-engine29.lock"), process.execPath, setup, "test-engine29"];
  return execFileSync("flock", command, { encoding: "utf8" }).trim();
}
