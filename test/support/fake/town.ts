import { explain, FormationError } from "../../../provider/core/values/errors";
import type { Seconds } from "../../../provider/core/values/units";
import type { Host } from "../../../provider/orchestrators/docker/host/host";
import { check, checkAndLook } from "../../../provider/lifecycle/check";
import { diff } from "../../../provider/lifecycle/diff";
import { remove } from "../../../provider/lifecycle/delete";
import type { Properties } from "../../../provider/core/record/properties";
import { PartialFailure, update } from "../../../provider/lifecycle/update";
import type { HookContext } from "../../../provider/orchestrators/hook-context";
import { surroundings } from "../surroundings";
import { shell, type Script } from "./behaviour";
import { VirtualClock } from "./clock";
import { FakeEngine } from "./engine";
import { History } from "./history";
import { FakeHost } from "./host";
import type { Store } from "./images";
import { ACTS, Wire, type Call, type Fate } from "./wire";

export type Ending =
  | { readonly kind: "done"; readonly state: Properties }
  | { readonly kind: "partial"; readonly state: Properties; readonly reasons: readonly string[] }
  /** Nothing was changed. */
  | { readonly kind: "refused"; readonly why: string }
  | { readonly kind: "killed" };

/** The fate and the latency of the calls of one run. */
export interface Weather {
  readonly fate?: (call: Call) => Fate;
  readonly latency?: () => Seconds;
}

/** The resource's identity towards the provider, in tests that depend on it. */
export type Resource = Partial<Pick<HookContext, "owner" | "urn" | "name" | "isWrittenOff">>;

/** The actor of a run, and its interruption. */
export type Asker = Resource & Partial<Pick<HookContext, "actor" | "interrupted" | "request">>;

/** Several engines, one clock, and a provider that runs again and again. */
export class Town {
  readonly clock = new VirtualClock();
  readonly history = new History();
  readonly engines: ReadonlyMap<string, FakeEngine>;
  /** Messages of the last run. */
  said: string[] = [];
  /** Progress messages of the last run. */
  told: string[] = [];
  /** Calls of the last run that may change something. */
  calls: Call[] = [];
  /** The engine that the environment leads to when no host is declared. */
  found = "a";
  readonly #at: Map<string, FakeEngine>;

  /** @param stores image stores by host; the default is classic */
  constructor(hosts: readonly string[], script: Script = shell, stores: Readonly<Record<string, Store>> = {}) {
    const engines = hosts.map((name) => new FakeEngine(name, this.clock, this.history, script, stores[name]));
    this.engines = new Map(engines.map((engine) => [engine.name, engine]));
    this.#at = new Map(this.engines);
  }

  /** Makes each of two addresses lead to the other's engine. */
  exchange(one: string, other: string): void {
    const [first, second] = [this.#engine(one), this.#engine(other)];
    this.#at.set(one, second).set(other, first);
  }

  /** Checks a program as Pulumi does. @returns the checked inputs @throws its faults */
  checked(olds: Properties, news: Properties, who?: Asker): Properties {
    const { inputs, faults } = check(olds, news, this.#around(new Wire(this.clock), who));
    if (faults.length > 0) throw new Error(faults.join("\n"));
    return inputs;
  }

  /** Previews a program that has no state yet. @returns the refusal, or the messages */
  async first(news: Properties, who: Resource & Pick<HookContext, "awaits"> = {}): Promise<string> {
    this.said = [];
    const { faults } = await checkAndLook({}, news, { ...this.#around(new Wire(this.clock), who), ...who });
    return faults.length > 0 ? `refused: ${faults.join("\n")}` : this.said.join("\n");
  }

  /** Previews an update. @returns its messages, `undefined` when there is nothing to do */
  async preview(olds: Properties, news: Properties, who?: Asker): Promise<string | undefined> {
    this.said = [];
    const differs = await diff(olds, news, this.#around(new Wire(this.clock), who));
    return differs ? this.said.join("\n") : undefined;
  }

  /** Runs one `pulumi up`. */
  up(olds: Properties, news: Properties, weather: Weather = {}, who?: Asker): Promise<Ending> {
    return this.#run((around) => update(olds, news, around), weather, who);
  }

  /** Runs one `pulumi destroy`; it leaves an empty state. */
  destroy(olds: Properties, weather: Weather = {}, who?: Asker): Promise<Ending> {
    return this.#run((around) => remove(olds, around).then(() => ({})), weather, who);
  }

  async #run(
    work: (around: HookContext) => Promise<Properties>,
    weather: Weather,
    who?: Partial<HookContext>,
  ): Promise<Ending> {
    const fate = (call: Call): Fate => {
      if (ACTS.some((what) => what === call.what)) this.calls.push(call);
      return weather.fate?.(call) ?? "answered";
    };
    this.said = [];
    this.told = [];
    this.calls = [];
    const wire = new Wire(this.clock, fate, weather.latency);
    const ending = await Promise.race([this.#ended(work(this.#around(wire, who))), wire.killed]);
    // Time passes before the next run.
    await this.clock.sleep(1);
    return ending === "killed" ? { kind: "killed" } : ending;
  }

  async #ended(work: Promise<Properties>): Promise<Ending> {
    try {
      return { kind: "done", state: await work };
    } catch (error) {
      if (error instanceof PartialFailure) return { kind: "partial", state: error.properties, reasons: error.reasons };
      if (!(error instanceof FormationError)) throw error;
      return { kind: "refused", why: explain(error) };
    }
  }

  #around(wire: Wire, who: Partial<HookContext> = {}): HookContext {
    return surroundings({
      ...who,
      connect: (hosts) =>
        (hosts ?? [{ host: `unix:///${this.found}`, name: "local" }]).map(({ name, host }): Host => {
          const address = host.replace("unix:///", "");
          return new FakeHost(this.#engine(address), wire, name ?? address, host);
        }),
      now: () => this.clock.now(),
      sleep: (seconds) => this.clock.sleep(seconds),
      every: (seconds, work) => {
        let [isOver, end]: [boolean, () => void] = [false, () => undefined];
        const again = () => {
          if (!isOver) end = this.clock.after(seconds, () => void work().then(again));
        };
        again();
        return () => {
          isOver = true;
          end();
        };
      },
      say: (text) => this.said.push(text),
      progress: (text) => this.told.push(text),
    });
  }

  #engine(name: string): FakeEngine {
    const engine = this.#at.get(name);
    if (engine === undefined) throw new Error(`no engine ${name}`);
    return engine;
  }
}
