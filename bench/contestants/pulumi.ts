import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { Stack } from "../../test/support/stack";
import { watchMemory } from "../memory";
import { seconds, type Contestant, type Sample, type Step } from "./contestant";

/** A program under `pulumi up` and `pulumi preview`; with one that needs no engine, what Pulumi itself costs. */
export class PulumiProgram implements Contestant {
  readonly #stack = new Stack("bench");
  readonly folder = this.#stack.folder;

  constructor(private readonly program: (quantity: number) => string) {}

  async prepare(): Promise<void> {
    this.#write(0);
    await this.#pulumi("stack", "init", "dev");
    await this.#pulumi("up", "--yes");
  }

  async perform(step: Step): Promise<Sample> {
    if (step.op === "scale") this.#write(step.to);
    const memory = watchMemory("dynamic-provider");
    const whole = await seconds(() => (step.op === "scale" ? this.#pulumi("up", "--yes") : this.#pulumi(step.op)));
    return { whole, memory: memory.stop() };
  }

  cleanUp(): Promise<void> {
    this.#stack.delete();
    return Promise.resolve();
  }

  #write(quantity: number): void {
    writeFileSync(join(this.folder, "index.js"), this.program(quantity));
  }

  async #pulumi(...args: string[]): Promise<void> {
    const { code, output } = await this.#stack.pulumi(...args);
    if (code !== 0) throw new Error(`pulumi ${args.join(" ")} ended with exit code ${code}\n${output}`);
  }
}
