import { call, forEach, removeLabelled } from "../engine-api";
import { createBody, stopSeconds } from "../settings";
import { seconds, type Contestant, type Sample, type Step } from "./contestant";

/** Engine API itself: nothing but create and start, or stop and remove, for `atOnce` containers at a time. */
export class Floor implements Contestant {
  readonly #ids: string[] = [];
  #version = 1;

  constructor(
    private readonly name: string,
    private readonly image: string,
    private readonly atOnce: number,
    private readonly socket: string,
  ) {}

  async perform(step: Step): Promise<Sample | undefined> {
    if (step.op === "preview" || (step.op === "scale" && step.to === this.#ids.length)) return undefined;
    return { whole: await seconds(() => (step.op === "release" ? this.#release() : this.#scale(step.to))) };
  }

  cleanUp(): Promise<void> {
    return removeLabelled(`bench.floor=${this.name}`, this.socket);
  }

  async #scale(to: number): Promise<void> {
    const surplus = this.#ids.splice(to);
    const missing = Array.from({ length: to - this.#ids.length }, (_, at) => this.#ids.length + at + 1);
    await forEach(surplus, this.atOnce, (id) => this.#stopAndRemove(id));
    await forEach(missing, this.atOnce, (index) => this.#createAndStart(index));
  }

  /** Releases start-first: each successor is there before its predecessor goes. */
  async #release(): Promise<void> {
    this.#version++;
    const former = [...this.#ids.splice(0).entries()];
    await forEach(former, this.atOnce, async ([at, id]) => {
      await this.#createAndStart(at + 1);
      await this.#stopAndRemove(id);
    });
  }

  async #createAndStart(index: number): Promise<void> {
    const labels = { "bench.floor": this.name, "bench.index": String(index) };
    const body = createBody(this.image, index, this.#version, labels);
    const answer = await this.#call(
      "POST",
      `/containers/create?name=${this.name}.v${this.#version}.worker.${index}`,
      body,
    );
    const { Id } = JSON.parse(answer) as { Id: string };
    this.#ids.push(Id);
    await this.#call("POST", `/containers/${Id}/start`);
  }

  async #stopAndRemove(id: string): Promise<void> {
    await this.#call("POST", `/containers/${id}/stop?t=${stopSeconds}`);
    await this.#call("DELETE", `/containers/${id}?v=1`);
  }

  #call(method: string, path: string, body?: unknown): Promise<string> {
    return call(method, path, body, this.socket);
  }
}
