import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";

/** Configuration of the docker command in a folder of its own, beside the credential helpers that it names. */
export class DockerLogin {
  readonly folder = mkdtempSync(join(tmpdir(), "docker-config-"));
  readonly file = join(this.folder, "config.json");
  readonly #programs = join(this.folder, "bin");
  /** Environment in which the docker command, or a provider, finds them. */
  readonly env = { DOCKER_CONFIG: this.folder, PATH: `${this.#programs}${delimiter}${process.env["PATH"]}` };

  constructor() {
    mkdirSync(this.#programs);
  }

  /** @param config text of the file, or what stands in it as JSON */
  write(config: unknown): void {
    writeFileSync(this.file, typeof config === "string" ? config : JSON.stringify(config));
  }

  /** Adds a helper. @param script of sh; `$address` is what it is asked for */
  helper(name: string, script: string, mode = 0o755): void {
    const text = `#!/bin/sh\nread -r address\n[ "$1" = get ] || exit 9\n${script}\n`;
    writeFileSync(join(this.#programs, `docker-credential-${name}`), text, { mode });
  }

  /** Adds a helper that gives these credentials for every registry. */
  helperWith(name: string, Username: string, Secret: string): void {
    this.helper(name, `cat <<'END'\n${JSON.stringify({ ServerURL: "any", Username, Secret })}\nEND`);
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** Credentials as `docker login` stores them. */
export function basic(username: string, password: string): { readonly auth: string } {
  return { auth: Buffer.from(`${username}:${password}`).toString("base64") };
}
