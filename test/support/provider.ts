import { fork, type ChildProcess } from "node:child_process";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";

export type Properties = Record<string, unknown>;

interface Answer {
  readonly id: number;
  readonly value?: unknown;
  readonly error?: { readonly message: string; readonly properties?: Properties; readonly reasons?: string[] };
}

/** What a hook threw; `properties` is the state that Pulumi would record. */
export class HookError extends Error {
  constructor(readonly answer: NonNullable<Answer["error"]>) {
    super(answer.message);
  }
}

/** One stack with one Formation, without Pulumi: its hooks are called in the order in which Pulumi calls them. */
export class Provider {
  state: Properties | undefined;
  #child: Promise<ChildProcess> | undefined;
  #calls = 0;

  constructor(readonly name: string) {}

  /** @returns whether a preview would show a change */
  async preview(inputs: Properties): Promise<boolean> {
    const checked = await this.#check(inputs);
    if (this.state === undefined) return true;
    return (await this.#call<{ changes: boolean }>("diff", "id", this.state, checked)).changes;
  }

  /** @param killAfter milliseconds after which the provider is killed in the middle of it */
  async up(inputs: Properties, killAfter?: number): Promise<void> {
    const checked = await this.#check(inputs);
    if (
      this.state !== undefined &&
      !(await this.#call<{ changes: boolean }>("diff", "id", this.state, checked)).changes
    )
      return;
    const work =
      this.state === undefined
        ? this.#call<{ outs: Properties }>("create", checked)
        : this.#call<{ outs: Properties }>("update", "id", this.state, checked);
    if (killAfter !== undefined) void delay(killAfter).then(() => this.kill());
    try {
      this.state = (await work).outs;
    } catch (error) {
      if (error instanceof HookError && error.answer.properties !== undefined) this.state = error.answer.properties;
      throw error;
    }
  }

  async destroy(): Promise<void> {
    if (this.state === undefined) return;
    await this.#call("delete", "id", this.state);
    this.state = undefined;
  }

  /** SIGKILL; the next call starts another process. */
  async kill(): Promise<void> {
    const child = await this.#child;
    this.#child = undefined;
    child?.kill("SIGKILL");
  }

  async #check(inputs: Properties): Promise<Properties> {
    const urn = `urn:pulumi:dev::test::pulumi-nodejs:dynamic/formation:Formation::${this.name}`;
    const news = { ...inputs, __provider: "test", __urn: urn };
    const answer = await this.#call<{ inputs: Properties; failures: { reason: string }[] }>(
      "check",
      this.state === undefined ? {} : this.state,
      news,
    );
    if (answer.failures.length > 0) throw new Error(answer.failures.map(({ reason }) => reason).join("\n"));
    return answer.inputs;
  }

  async #call<T>(hook: string, ...args: unknown[]): Promise<T> {
    const child = await (this.#child ??= started());
    const id = ++this.#calls;
    const answer = await new Promise<Answer>((resolve, reject) => {
      const settle = (message: unknown) => {
        if ((message as Answer).id !== id) return;
        done();
        resolve(message as Answer);
      };
      const ended = () => {
        done();
        reject(new Error("the provider was killed"));
      };
      const done = () => child.off("message", settle).off("exit", ended);
      child.on("message", settle).once("exit", ended);
      child.send({ id, hook, args });
    });
    if (answer.error !== undefined) throw new HookError(answer.error);
    return answer.value as T;
  }
}

async function started(): Promise<ChildProcess> {
  // Its stdin stays open: its end would mean that the engine is gone.
  const child = fork(join(__dirname, "provider-process.js"), { stdio: ["pipe", "inherit", "inherit", "ipc"] });
  await new Promise((resolve, reject) => child.once("message", resolve).once("exit", reject));
  return child;
}
