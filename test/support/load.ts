import { Agent, request } from "node:http";
import { setTimeout as delay } from "node:timers/promises";

const CLIENTS = 32;
/** Requests of each client, as long as it gets its answers: all clients together send 256 a second. */
const PER_CLIENT_AND_SECOND = 8;
/** Of all requests, one in SLOW_ONE_IN takes a second, and one in POST_ONE_IN may not be repeated. */
const SLOW_ONE_IN = 20;
const POST_ONE_IN = 3;

/** Steady stream of requests to one address. */
export class Load {
  answered = 0;
  readonly failures: string[] = [];
  #sent = 0;
  #isOn = true;
  readonly #agent = new Agent({ keepAlive: true });
  readonly #began = performance.now();
  readonly #clients: Promise<unknown>;

  constructor(readonly address: string) {
    this.#clients = Promise.all(Array.from({ length: CLIENTS }, (_, at) => this.#run((at / CLIENTS) * 1000)));
  }

  /** Answers a second, so far. */
  get rate(): number {
    return this.answered / ((performance.now() - this.#began) / 1000);
  }

  async until(answered: number): Promise<void> {
    while (this.answered < answered) await delay(50);
  }

  /** Stops sending, and waits for all answers. */
  async end(): Promise<void> {
    this.#isOn = false;
    await this.#clients;
    this.#agent.destroy();
  }

  async #run(offset: number): Promise<void> {
    let next = performance.now() + offset / PER_CLIENT_AND_SECOND;
    while (this.#isOn) {
      await delay(next - performance.now());
      // A client that was kept waiting makes up for it.
      next += 1000 / PER_CLIENT_AND_SECOND;
      const path = ++this.#sent % SLOW_ONE_IN === 0 ? "/slow" : "/";
      const method = this.#sent % POST_ONE_IN === 0 ? "POST" : "GET";
      const fault = await this.#ask(method, path);
      this.answered++;
      if (fault !== undefined) this.failures.push(`${method} ${path}: ${fault}`);
    }
  }

  #ask(method: string, path: string): Promise<string | undefined> {
    return new Promise((resolve) => {
      const url = `http://${this.address}${path}`;
      const asked = request(url, { method, agent: this.#agent, timeout: 20_000 }, (response) => {
        response.resume().on("error", (error) => resolve(error.message));
        response.on("end", () => resolve(response.statusCode === 200 ? undefined : `status ${response.statusCode}`));
      });
      asked.on("timeout", () => asked.destroy(new Error("no answer"))).on("error", (error) => resolve(error.message));
      asked.end();
    });
  }
}
