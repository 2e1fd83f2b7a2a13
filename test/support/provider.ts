import { fork, type ChildProcess } from "node:child_process";
import { join } from "node:path";

export type Properties = Record<string, unknown>;

interface Answer {
  readonly id: string;
  readonly value?: unknown;
  readonly error?: { readonly message: string; readonly properties?: Properties; readonly reasons?: string[] };
}

/** Error of a hook; `properties` is the state that Pulumi would record. */
export class HookError extends Error {
  constructor(readonly answer: NonNullable<Answer["error"]>) {
    super(answer.message);
  }
}

interface State {
  readonly inputs: Properties;
  readonly outputs: Properties;
  /** True when the last update was left incomplete: Pulumi then makes the next one whatever diff says. */
  readonly failed: boolean;
}

interface Options {
  /** Project and stack: `project/stack`. */
  readonly owner?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Stack config by full keys. */
  readonly config?: Readonly<Record<string, string>>;
  /** Address where Pulumi's engine takes messages. */
  readonly engine?: string;
  /** Provider whose process is shared, as by all resources of one stack. */
  readonly beside?: Provider;
}

const TYPE = "pulumi-nodejs:dynamic/formation:Formation";

/**
 * One stack with one Formation, without Pulumi: hooks are called in Pulumi's order and with Pulumi's arguments, and
 * their answers are recorded as Pulumi records them.
 */
export class Provider {
  state: State | undefined;
  #child: Promise<ChildProcess> | undefined;
  #calls = 0;

  constructor(
    readonly name: string,
    private readonly options: Options = {},
  ) {}

  /** Recorded outputs; empty before there are any. */
  get outputs(): Properties {
    return this.state?.outputs ?? {};
  }

  /** Every fault that check finds. */
  async check(inputs: Properties): Promise<readonly string[]> {
    return (await this.#check(inputs)).failures;
  }

  /** @returns true when a preview would show a change */
  async preview(inputs: Properties): Promise<boolean> {
    const checked = await this.#checked(inputs);
    if (this.state === undefined) return true;
    const { outputs, failed } = this.state;
    return (await this.#call<{ changes: boolean }>("diff", this.#id, outputs, checked)).changes || failed;
  }

  async up(inputs: Properties): Promise<void> {
    const checked = await this.#checked(inputs);
    if (this.state === undefined) {
      await this.#record(checked, checked, () => this.#call("create", checked));
      return;
    }
    const { inputs: before, outputs, failed } = this.state;
    const { changes } = await this.#call<{ changes: boolean }>("diff", this.#id, outputs, checked);
    if (changes || failed) await this.#record(checked, before, () => this.#call("update", this.#id, outputs, checked));
  }

  async refresh(): Promise<void> {
    if (this.state === undefined) return;
    const { props } = await this.#call<{ props: Properties }>("read", this.#id, this.state.outputs);
    this.state = { ...this.state, outputs: wire(props) };
  }

  async destroy(): Promise<void> {
    if (this.state === undefined) return;
    await this.#call("delete", this.#id, this.state.outputs);
    this.state = undefined;
  }

  /** Kills the process by SIGKILL; the next call starts another one. */
  async kill(): Promise<void> {
    const child = await this.#child;
    this.#child = undefined;
    child?.kill("SIGKILL");
  }

  /** Ends the process's stdin, as the end of Pulumi's engine does. */
  async endInput(): Promise<void> {
    (await this.#child)?.stdin?.end();
  }

  get #owner(): string {
    return this.options.owner ?? "test/dev";
  }

  get #id(): string {
    return `${this.#owner}/${this.name}`;
  }

  async #check(inputs: Properties): Promise<{ inputs: Properties; failures: string[] }> {
    const [project, stack] = this.#owner.split("/");
    const news = wire({
      // The TypeScript class sets this where no other resource makes anything first.
      __alone: true,
      ...inputs,
      __provider: "test",
      __urn: `urn:pulumi:${stack}::${project}::${TYPE}::${this.name}`,
    });
    const answer = await this.#call<{ inputs: Properties; failures: { reason: string }[] }>(
      "check",
      this.state?.inputs ?? {},
      news,
    );
    return { inputs: wire(answer.inputs), failures: answer.failures.map(({ reason }) => reason) };
  }

  async #checked(declared: Properties): Promise<Properties> {
    const { inputs, failures } = await this.#check(declared);
    if (failures.length > 0) throw new Error(failures.join("\n"));
    return inputs;
  }

  /** Records an update. A failed one leaves the former inputs beside the outputs of what was really done. */
  async #record(inputs: Properties, before: Properties, work: () => Promise<{ outs: Properties }>): Promise<void> {
    try {
      this.state = { inputs, outputs: wire((await work()).outs), failed: false };
    } catch (error) {
      const left = error instanceof HookError ? error.answer.properties : undefined;
      if (left !== undefined) this.state = { inputs: before, outputs: wire(left), failed: true };
      throw error;
    }
  }

  #running(): Promise<ChildProcess> {
    return (this.#child ??= started(this.options));
  }

  async #call<T>(hook: string, ...args: unknown[]): Promise<T> {
    const child = await (this.options.beside ?? this).#running();
    const id = `${this.name} ${++this.#calls}`;
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

async function started({ env, config, engine }: Options): Promise<ChildProcess> {
  // Stdin stays open, because its end would mean that Pulumi's engine is gone.
  const child = fork(join(__dirname, "provider-process.js"), engine === undefined ? [] : [engine], {
    env: { ...process.env, FORMATION_ACTOR: "adam@example.com", STACK_CONFIG: JSON.stringify(config ?? {}), ...env },
    stdio: ["pipe", "inherit", "inherit", "ipc"],
  });
  // Many calls may be under way at a time.
  child.setMaxListeners(0);
  await new Promise((resolve, reject) => child.once("message", resolve).once("exit", reject));
  return child;
}

/** Brings properties into the form in which they leave Pulumi's engine: plain, and sorted by key. */
function wire(properties: Properties): Properties {
  const sort = (_: string, value: unknown) =>
    typeof value === "object" && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
      : value;
  return JSON.parse(JSON.stringify(properties, sort)) as Properties;
}
