import { execFileSync } from "node:child_process";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Step of scripts/setup.mjs. */
type Step =
  "test-hosts" | "test-registry" | "test-balancer" | "test-monitoring" | "test-browser" | "test-shells" | "test-podman";

/** Makes sure of the programs that a test needs. */
export function installPrograms(step: Step): void {
  const setup = join(__dirname, "../../scripts/setup.mjs");
  execFileSync("flock", [join(tmpdir(), `formation-install.lock`), process.execPath, setup, step]);
}
