import { execFileSync, spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { installPrograms } from "./install";
import { freePort } from "./ports";

const SCRIPT = join(__dirname, "../../examples/haproxy/haproxy-config.mjs");

/** HAProxy in front of a formation's web processes, configured as in the example. */
export class Haproxy {
  private constructor(
    readonly address: string,
    private readonly folder: string,
    private readonly child: ChildProcess,
  ) {}

  static async start(backends: Readonly<Record<string, readonly string[]>>): Promise<Haproxy> {
    installPrograms("test-balancer");
    const folder = mkdtempSync(join(tmpdir(), "formation-haproxy-"));
    const address = `127.0.0.1:${await freePort()}`;
    const args = [SCRIPT, "--listen", address, "--check", "/healthz"];
    const file = join(folder, "haproxy.cfg");
    writeFileSync(file, execFileSync(process.execPath, args, { input: JSON.stringify(backends) }));
    const child = spawn("haproxy", ["-db", "-f", file], {
      stdio: "ignore",
      env: { PATH: `${process.env["PATH"]}:/usr/sbin` },
    });
    while (!(await fetch(`http://${address}`).catch(() => undefined))?.ok) {
      if (child.exitCode !== null) throw new Error(`haproxy ended with exit code ${child.exitCode}`);
      await delay(100);
    }
    return new Haproxy(address, folder, child);
  }

  async stop(): Promise<void> {
    this.child.kill();
    await once(this.child, "exit");
    rmSync(this.folder, { recursive: true });
  }
}
