import { execFileSync } from "node:child_process";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Makes sure of programs that a test needs. @param step of scripts/setup.mjs */
export function installPrograms(step: "test-hosts" | "test-registry" | "test-balancer"): void {
  const setup = join(__dirname, "../../scripts/setup.mjs");
  execFileSync("flock", [join(tmpdir(), `formation-install.lock`), process.execPath, setup, step]);
}
