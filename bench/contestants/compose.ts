import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import type { EngineProxy } from "../../test/support/engine-proxy";
import { removeLabelled } from "../engine-api";
import { composeFile } from "../settings";
import { seconds, type Contestant, type Sample, type Step } from "./contestant";

/** Contestant `docker compose up -d --scale worker=N`. */
export class Compose implements Contestant {
  readonly #folder = mkdtempSync(join(tmpdir(), "formation-bench-"));
  readonly #file = join(this.#folder, "compose.yaml");
  #quantity = 0;
  #version = 1;

  constructor(
    private readonly name: string,
    private readonly image: string,
    private readonly program: string,
    private readonly proxy: EngineProxy,
  ) {}

  async perform(step: Step): Promise<Sample | undefined> {
    if (step.op === "preview") return undefined;
    if (step.op === "scale") this.#quantity = step.to;
    if (step.op === "release") this.#version++;
    writeFileSync(this.#file, composeFile(this.image, this.#version));
    const { address, calls } = this.proxy;
    const args = ["--project-name", this.name, "--file", this.#file, "--progress", "quiet"];
    this.proxy.reset();
    const whole = await seconds(() =>
      promisify(execFile)(this.program, [...args, "up", "--detach", "--scale", `worker=${this.#quantity}`], {
        env: { ...process.env, DOCKER_HOST: address },
      }),
    );
    return { whole, calls: calls.length, inFlight: this.proxy.mostInFlight };
  }

  async cleanUp(): Promise<void> {
    await removeLabelled(`com.docker.compose.project=${this.name}`);
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
