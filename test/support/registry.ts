import { execFileSync, spawn, type ChildProcess } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type Docker from "dockerode";
import { docker } from "./engine";
import { installPrograms } from "./install";
import { freePort } from "./ports";
import { TokenService } from "./token-service";

/** Credentials for any of these registries that asks for them; they are good for nothing else. */
export const CREDENTIALS = { username: "deployer", password: "registry-canary-5f2c" };
const HTPASSWD = "deployer:$2y$05$3I1RS.y3amrwpPULJC4t7uHEkQQuy4MRkaGNDEOy2FUAoHLTiX5Nm\n";

/** Registry on loopback, or on a network where engines were told to ask for no TLS. */
export class Registry {
  private constructor(
    readonly address: string,
    private readonly folder: string,
    private readonly child: ChildProcess,
    /** Service that gives tokens to the registry's clients, if it wants any. */
    readonly tokens: TokenService | undefined,
  ) {}

  /** @param asks for a name and password with each call, or for a token @param host its own address */
  static async start(asks: "password" | "token" = "password", host = "127.0.0.1"): Promise<Registry> {
    installPrograms("test-registry");
    const folder = mkdtempSync(join(tmpdir(), "formation-registry-"));
    const tokens = asks === "token" ? await TokenService.start(folder, host, CREDENTIALS) : undefined;
    const port = await freePort();
    const file = (name: string, text: string) => {
      writeFileSync(join(folder, name), text);
      return join(folder, name);
    };
    const config = file(
      "config.yml",
      JSON.stringify({
        version: 0.1,
        log: { level: "error", accesslog: { disabled: true } },
        storage: { filesystem: { rootdirectory: join(folder, "data") } },
        http: { addr: `${host}:${port}` },
        auth: tokens?.asAuth ?? { htpasswd: { realm: "test", path: file("htpasswd", HTPASSWD) } },
      }),
    );
    const child = spawn("docker-registry", ["serve", config], { stdio: "ignore" });
    const registry = new Registry(`${host}:${port}`, folder, child, tokens);
    while ((await fetch(`http://${registry.address}/v2/`).catch(() => undefined))?.status !== 401) {
      if (child.exitCode !== null) throw new Error(`docker-registry ended with exit code ${child.exitCode}`);
      await delay(50);
    }
    return registry;
  }

  /** Makes a new small image, and leaves it only in the registry. @returns its reference */
  async publish(name: string, through: Docker = docker): Promise<string> {
    const reference = `${this.address}/${name}:1`;
    await importImage(`${this.address}/${name}`, this.folder, through);
    const pushed = await through
      .getImage(reference)
      .push({ authconfig: { ...CREDENTIALS, serveraddress: this.address } });
    await toTheEnd(pushed);
    await through.getImage(reference).remove();
    return reference;
  }

  async stop(): Promise<void> {
    this.tokens?.stop();
    this.child.kill();
    await once(this.child, "exit");
    rmSync(this.folder, { recursive: true });
  }
}

/** Imports an image with `sh`, `sleep` and enough data for the engine to report the progress of a pull. */
async function importImage(repo: string, folder: string, through: Docker): Promise<void> {
  writeFileSync(join(folder, "load"), randomBytes(2 * 2 ** 20));
  const programs = ["/bin/sh", "/bin/sleep"];
  const libraries = execFileSync("ldd", programs, { encoding: "utf8" }).matchAll(/(\/\S+) \(0x/g);
  const files = [...programs, ...new Set([...libraries].map((match) => String(match[1])))].map((file) => file.slice(1));
  const tar = spawn("tar", ["-ch", "-C", "/", ...files, "-C", folder, "load"], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  await toTheEnd(await through.importImage(tar.stdout, { repo, tag: "1" }));
}

function toTheEnd(progress: NodeJS.ReadableStream): Promise<void> {
  return new Promise((resolve, reject) =>
    docker.modem.followProgress(progress, (error) => (error === null ? resolve() : reject(error))),
  );
}
