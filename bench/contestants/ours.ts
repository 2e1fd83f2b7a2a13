import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { EngineProxy } from "../../test/support/engine-proxy";
import { removeLabelled } from "../engine-api";
import { beganFile, formation } from "../programs";
import type { Contestant, Sample, Step } from "./contestant";
import { PulumiProgram } from "./pulumi";
import { span } from "./span";

/** Formation under `pulumi up`, its Docker engine behind a proxy that times the calls. */
export class Ours implements Contestant {
  readonly #pulumi: PulumiProgram;

  /** @param monitor in seconds; the provider's default when undefined */
  constructor(
    private readonly name: string,
    image: string,
    monitor: number | undefined,
    private readonly proxy: EngineProxy,
  ) {
    const fixed = { app: name, image, host: proxy.address, monitor };
    this.#pulumi = new PulumiProgram((quantity, version) => formation({ ...fixed, quantity, version }));
  }

  prepare(): Promise<void> {
    return this.#pulumi.prepare();
  }

  async perform(step: Step): Promise<Sample> {
    this.proxy.reset();
    const sample = await this.#pulumi.perform(step);
    // Calls before the program began are those of the preview that `up` starts with, which are no engine work.
    const began = Number(readFileSync(join(this.#pulumi.folder, beganFile), "utf8"));
    const calls = this.proxy.calls.filter((call) => call.began >= began);
    return { ...sample, work: span(calls), calls: calls.length, inFlight: this.proxy.mostInFlight };
  }

  async cleanUp(): Promise<void> {
    await removeLabelled(`formation.app=${this.name}`);
    await this.#pulumi.cleanUp();
  }
}
