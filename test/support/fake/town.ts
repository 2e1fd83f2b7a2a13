import { explain, FormationError } from "../../../provider/core/errors";
import type { Seconds } from "../../../provider/core/units";
import type { Host } from "../../../provider/hosts/host";
import { check, checkAndLook } from "../../../provider/check";
import { diff } from "../../../provider/diff";
import { remove } from "../../../provider/delete";
import type { Properties } from "../../../provider/properties";
import { PartialFailure, update } from "../../../provider/update";
import type { Surroundings } from "../../../provider/surroundings";
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

/** How the calls of one run fare. */
export interface Weather {
  readonly fate?: (call: Call) => Fate;
  readonly latency?: () => Seconds;
}

/** Whose resource it is, where that matters. */
export type Resource = Partial<Pick<Surroundings, "owner" | "urn" | "name" | "isWrittenOff">>;

/** Who asks, and whether somebody stops it. */
export type Asker = Resource & Partial<Pick<Surroundings, "actor" | "interrupted" | "request">>;

/** Several engines, one clock, and a provider that is run again and again. */
export class Town {
  readonly clock = new VirtualClock();
  readonly history = new History();
  readonly engines: ReadonlyMap<string, FakeEngine>;
  /** What was said in the last run. */
  said: string[] = [];
  /** What was said of how it went on. */
  told: string[] = [];
  /** Calls of the last run that may change something. */
  calls: Call[] = [];
  /** Where the surroundings lead, if no host is declared. */
  found = "a";
  readonly #at: Map<string, FakeEngine>;

  /** @param stores those that are not classic */
  constructor(hosts: readonly string[], script: Script = shell, stores: Readonly<Record<string, Store>> = {}) {
    const engines = hosts.map((name) => new FakeEngine(name, this.clock, this.history, script, stores[name]));
    this.engines = new Map(engines.map((engine) => [engine.name, engine]));
    this.#at = new Map(this.engines);
  }

  /** Each of two addresses leads to the other engine. */
  exchange(one: string, other: string): void {
    const [first, second] = [this.#engine(one), this.#engine(other)];
    this.#at.set(one, second).set(other, first);
  }

  /** What Pulumi's `check` makes of a program; its faults are thrown. */
  checked(olds: Properties, news: Properties, who?: Asker): Properties {
    const { inputs, faults } = check(olds, news, this.#around(new Wire(this.clock), who));
    if (faults.length > 0) throw new Error(faults.join("\n"));
    return inputs;
  }

  /** The first preview of a program: what it refuses, or what it says. */
  async first(news: Properties, who: Resource & Pick<Surroundings, "awaits"> = {}): Promise<string> {
    this.said = [];
    const { faults } = await checkAndLook({}, news, { ...this.#around(new Wire(this.clock), who), ...who });
    return faults.length > 0 ? `refused: ${faults.join("\n")}` : this.said.join("\n");
  }

  /** What a preview says, when there is anything to do. */
  async preview(olds: Properties, news: Properties, who?: Asker): Promise<string | undefined> {
    this.said = [];
    const differs = await diff(olds, news, this.#around(new Wire(this.clock), who));
    return differs ? this.said.join("\n") : undefined;
  }

  /** One `pulumi up`. */
  up(olds: Properties, news: Properties, weather: Weather = {}, who?: Asker): Promise<Ending> {
    return this.#run((around) => update(olds, news, around), weather, who);
  }

  /** One `pulumi destroy`; what it leaves as a state is nothing. */
  destroy(olds: Properties, weather: Weather = {}, who?: Asker): Promise<Ending> {
    return this.#run((around) => remove(olds, around).then(() => ({})), weather, who);
  }

  async #run(
    work: (around: Surroundings) => Promise<Properties>,
    weather: Weather,
    who?: Partial<Surroundings>,
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
    // It takes a while until the next one runs.
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

  #around(wire: Wire, who: Partial<Surroundings> = {}): Surroundings {
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
