import { call, forEach, removeLabelled } from "../engine-api";
import { createBody, stopSeconds } from "../settings";
import { seconds, type Contestant, type Sample, type Step } from "./contestant";

/** The Engine API itself: nothing but create and start, or stop and remove, so many containers at once. */
export class Floor implements Contestant {
  readonly #ids: string[] = [];

  constructor(
    private readonly name: string,
    private readonly image: string,
    private readonly atOnce: number,
  ) {}

  prepare(): Promise<void> {
    return Promise.resolve();
  }

  async perform(step: Step): Promise<Sample | undefined> {
    if (step.op !== "scale" || step.to === this.#ids.length) return undefined;
    const surplus = this.#ids.splice(step.to);
    const missing = Array.from({ length: step.to - this.#ids.length }, (_, at) => this.#ids.length + at + 1);
    const whole = await seconds(async () => {
      await forEach(surplus, this.atOnce, stopAndRemove);
      await forEach(missing, this.atOnce, (index) => this.#createAndStart(index));
    });
    return { whole };
  }

  cleanUp(): Promise<void> {
    return removeLabelled(`bench.floor=${this.name}`);
  }

  async #createAndStart(index: number): Promise<void> {
    const body = createBody(this.image, index, { "bench.floor": this.name, "bench.index": String(index) });
    const answer = await call("POST", `/containers/create?name=${this.name}.worker.${index}`, body);
    const { Id } = JSON.parse(answer) as { Id: string };
    this.#ids.push(Id);
    await call("POST", `/containers/${Id}/start`);
  }
}

async function stopAndRemove(id: string): Promise<void> {
  await call("POST", `/containers/${id}/stop?t=${stopSeconds}`);
  await call("DELETE", `/containers/${id}?v=1`);
}
