import { execFile } from "node:child_process";
import { rmSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { Stack } from "../../test/support/stack";
import type { EngineProxy } from "../../test/support/engine-proxy";
import { removeLabelled } from "../engine-api";
import { formation } from "../programs";
import { seconds, type Contestant, type Sample, type Step } from "./contestant";
import { span } from "./span";

const root = join(__dirname, "../..");

/** Contestant `formation scale worker=N`, its Docker engine behind a proxy that times the calls. */
export class Command implements Contestant {
  readonly #stack = new Stack("bench");

  /** @param folder root of a built checkout: its command and its provider are measured */
  constructor(
    private readonly name: string,
    private readonly image: string,
    private readonly proxy: EngineProxy,
    private readonly folder: string,
  ) {}

  async prepare(): Promise<void> {
    const stack = this.#stack;
    const installed = join(stack.folder, "node_modules/pulumi-formation");
    rmSync(installed);
    symlinkSync(this.folder, installed);
    const fixed = { image: this.image, host: this.proxy.address, monitor: 0, version: 1 };
    stack.write(formation({ ...fixed, app: this.name, quantity: 0 }));
    await stack.pulumi("stack", "init", "dev");
    const { code, output } = await stack.pulumi("up", "--yes", "--skip-preview");
    if (code !== 0) throw new Error(output);
  }

  async perform(step: Step): Promise<Sample | undefined> {
    if (step.op !== "scale") return undefined;
    const { folder, env } = this.#stack;
    const main = join(this.folder, "dist/cli/main.js");
    const PATH = `${join(root, "node_modules/.bin")}:${process.env["PATH"]}`;
    this.proxy.reset();
    const whole = await seconds(() =>
      promisify(execFile)(process.execPath, [main, "scale", `worker=${step.to}`, "--yes"], {
        cwd: folder,
        env: { ...env, PATH },
      }),
    );
    return { whole, work: span(this.proxy.calls), calls: this.proxy.calls.length };
  }

  async cleanUp(): Promise<void> {
    await removeLabelled(`formation.app=${this.name}`);
    this.#stack.delete();
  }
}
