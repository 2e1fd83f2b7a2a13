import { Stack } from "../../test/support/stack";
import { watchMemory } from "../memory";
import { seconds, type Contestant, type Sample, type Step } from "./contestant";

/** Program under `pulumi up` and `pulumi preview`. A program that needs no Docker engine shows what Pulumi costs. */
export class PulumiProgram implements Contestant {
  readonly #stack = new Stack("bench");
  readonly folder = this.#stack.folder;
  #quantity = 0;
  #version = 1;

  /** @param options of `pulumi up` */
  constructor(
    private readonly program: (quantity: number, version: number) => string,
    private readonly options: readonly string[] = [],
  ) {}

  async prepare(): Promise<void> {
    this.#write();
    await this.#pulumi("stack", "init", "dev");
    await this.#pulumi("up", "--yes");
  }

  async perform(step: Step): Promise<Sample> {
    if (step.op === "scale") this.#quantity = step.to;
    if (step.op === "release") this.#version++;
    this.#write();
    const memory = watchMemory("dynamic-provider");
    const whole = await seconds(() =>
      step.op === "preview" ? this.#pulumi("preview") : this.#pulumi("up", "--yes", ...this.options),
    );
    return { whole, memory: memory.stop() };
  }

  cleanUp(): Promise<void> {
    this.#stack.delete();
    return Promise.resolve();
  }

  #write(): void {
    this.#stack.write(this.program(this.#quantity, this.#version));
  }

  async #pulumi(...args: string[]): Promise<void> {
    const { code, output } = await this.#stack.pulumi(...args);
    if (code !== 0) throw new Error(`pulumi ${args.join(" ")} ended with exit code ${code}\n${output}`);
  }
}
