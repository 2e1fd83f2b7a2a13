import { fork, type ChildProcess } from "node:child_process";
import { once } from "node:events";

export type Properties = Readonly<Record<string, unknown>>;
type Hook = "check" | "diff" | "create" | "read" | "update" | "delete";

/** What a hook threw; `id`, `properties` and `reasons` say how far it got. */
export class HookError extends Error {
  constructor(
    message: string,
    readonly id: string | undefined,
    readonly properties: Properties | undefined,
    readonly reasons: readonly string[] | undefined,
  ) {
    super(message);
  }
}

interface Surroundings {
  readonly env?: Readonly<Record<string, string>>;
  /** Stack config, by its whole key. */
  readonly config?: Readonly<Record<string, string>>;
  /** Where Pulumi's engine takes messages. */
  readonly engine?: string;
}

interface Message {
  readonly call?: number;
  readonly answer?: unknown;
  readonly error?: { message: string; id?: string; properties?: Properties; reasons?: readonly string[] };
}

/** The provider as it is built, in a process of its own that can be killed. */
export class ProviderProcess {
  readonly #child: ChildProcess;
  readonly #ready: Promise<unknown>;
  readonly #waiting = new Map<number, { resolve: (answer: never) => void; reject: (error: Error) => void }>();
  #calls = 0;

  constructor(private readonly around: Surroundings = {}) {
    this.#child = fork(require.resolve("./provider-child.js"), [around.engine ?? ""].filter(Boolean), {
      env: { ...process.env, FORMATION_ACTOR: "adam@example.com", ...around.env },
      stdio: ["pipe", "inherit", "inherit", "ipc"],
    });
    this.#ready = once(this.#child, "message");
    this.#child.on("message", ({ call, answer, error }: Message) => {
      const waiting = this.#waiting.get(call ?? 0);
      this.#waiting.delete(call ?? 0);
      if (error === undefined) waiting?.resolve(answer as never);
      else waiting?.reject(new HookError(error.message, error.id, error.properties, error.reasons));
    });
    this.#child.once("exit", (code, signal) => {
      for (const { reject } of this.#waiting.values())
        reject(new Error(`the provider ended: ${String(signal ?? code)}`));
    });
  }

  async call<T>(hook: Hook, ...args: unknown[]): Promise<T> {
    await this.#ready;
    const call = ++this.#calls;
    return new Promise<T>((resolve, reject) => {
      this.#waiting.set(call, { resolve, reject });
      this.#child.send({ call, hook, args, config: this.around.config });
    });
  }

  /** What a provider sees of it when Pulumi's engine is gone. */
  closeInput(): void {
    this.#child.stdin?.end();
  }

  async kill(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const gone = once(this.#child, "exit");
    this.#child.kill("SIGKILL");
    await gone;
  }
}
