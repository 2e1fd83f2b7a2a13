import { explain, FormationError } from "../../../provider/core/errors";
import type { Seconds } from "../../../provider/core/units";
import type { Host } from "../../../provider/hosts/host";
import { check, diff } from "../../../provider/lifecycle";
import type { Properties } from "../../../provider/properties";
import { PartialFailure, update } from "../../../provider/update";
import type { Surroundings } from "../../../provider/world";
import { surroundings } from "../surroundings";
import { shell, type Script } from "./behaviour";
import { VirtualClock } from "./clock";
import { FakeEngine } from "./engine";
import { History } from "./history";
import { FakeHost } from "./host";
import { Wire, type Call, type Fate } from "./wire";

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

/** Several engines, one clock, and a provider that is run again and again. */
export class Town {
  readonly clock = new VirtualClock();
  readonly history = new History();
  readonly engines: ReadonlyMap<string, FakeEngine>;
  /** What was said in the last run. */
  said: string[] = [];
  /** Calls of the last run that may change something. */
  calls: Call[] = [];

  constructor(hosts: readonly string[], script: Script = shell) {
    const engines = hosts.map((name) => new FakeEngine(name, this.clock, this.history, script));
    this.engines = new Map(engines.map((engine) => [engine.name, engine]));
  }

  /** What Pulumi's `check` makes of a program; its faults are thrown. */
  checked(olds: Properties, news: Properties): Properties {
    const { inputs, faults } = check(olds, news, this.#around(new Wire(this.clock)));
    if (faults.length > 0) throw new Error(faults.join("\n"));
    return inputs;
  }

  /** What a preview says, when there is anything to do. */
  async preview(olds: Properties, news: Properties): Promise<string | undefined> {
    this.said = [];
    const differs = await diff(olds, news, this.#around(new Wire(this.clock)));
    return differs ? this.said.join("\n") : undefined;
  }

  /** One `pulumi up`. */
  async up(olds: Properties, news: Properties, weather: Weather = {}): Promise<Ending> {
    const fate = (call: Call): Fate => {
      if (!["observe", "inspect"].includes(call.what)) this.calls.push(call);
      return weather.fate?.(call) ?? "answered";
    };
    this.said = [];
    this.calls = [];
    const wire = new Wire(this.clock, fate, weather.latency);
    const ending = await Promise.race([this.#run(olds, news, wire), wire.killed]);
    // It takes a while until the next one runs.
    await this.clock.sleep(1);
    return ending === "killed" ? { kind: "killed" } : ending;
  }

  async #run(olds: Properties, news: Properties, wire: Wire): Promise<Ending> {
    try {
      return { kind: "done", state: await update(olds, news, this.#around(wire)) };
    } catch (error) {
      if (error instanceof PartialFailure) return { kind: "partial", state: error.properties, reasons: error.reasons };
      if (!(error instanceof FormationError)) throw error;
      return { kind: "refused", why: explain(error) };
    }
  }

  #around(wire: Wire): Surroundings {
    return surroundings({
      connect: (hosts) =>
        (hosts ?? []).map(({ name, host }): Host => {
          const engine = this.#engine(host.replace("unix:///", ""));
          return new FakeHost(engine, wire, name);
        }),
      now: () => this.clock.now(),
      sleep: (seconds) => this.clock.sleep(seconds),
      every: (seconds, work) => {
        let end: () => void = () => undefined;
        const again = () => {
          end = this.clock.after(seconds, () => void work().then(again));
        };
        again();
        return () => end();
      },
      say: (text) => this.said.push(text),
    });
  }

  #engine(name: string): FakeEngine {
    const engine = this.engines.get(name);
    if (engine === undefined) throw new Error(`no engine ${name}`);
    return engine;
  }
}
