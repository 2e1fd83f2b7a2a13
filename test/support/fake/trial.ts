import { LABEL } from "../../../provider/core/model/labels";
import type { Seconds } from "../../../provider/core/values/units";
import type { Properties } from "../../../provider/core/record/properties";
import { generator } from "./chance";
import { RUNS, type Script } from "./behaviour";
import type { Box, FakeEngine } from "./engine";
import { CUT_OFF, MIGRATION, programOf, type Disturbance, type HostFate, type Scene } from "./scene";
import type { Call, Fate } from "./wire";
import { Town, type Ending, type Weather } from "./town";

const ENDS: Readonly<Record<string, { readonly after: Seconds; readonly code: number }>> = {
  bad: { after: 0.1, code: 1 },
  [MIGRATION]: { after: 0.6, code: 0 },
};

/** `run v1` runs; `bad` ends at once; `silent` runs, but fails every health check. */
const script: Script = (command) => ({
  ...RUNS,
  end: ENDS[command] ?? "never",
  answers: command !== "silent",
});

const OFF: readonly HostFate[] = ["abandoned"];

/** A scene on fake engines: the result of a first `up`, and the disturbances since. */
export class Trial {
  readonly town: Town;
  readonly #scene: Scene;
  state: Properties = {};
  inputs: Properties = {};
  /** Hosts that could not be observed. */
  readonly unseen = new Set<string>();
  /** Processes that somebody has started beside those of the formation: no state knows of them. */
  readonly twins = new Set<string>();
  /** Length of the history before the update under test. */
  mark = 0;
  #version: Scene["after"];
  #chance: () => number;
  #foreign = new Map<string, string>();

  private constructor(scene: Scene) {
    this.#scene = scene;
    this.#version = scene.after;
    this.town = new Town(Object.keys(scene.hosts), script);
    this.#chance = generator(scene.seed);
  }

  static async of(scene: Scene): Promise<Trial> {
    const trial = new Trial(scene);
    const { town } = trial;
    for (const engine of town.engines.values()) {
      engine.images.set("shop:1", "id1").set("shop:2", "id2");
      for (const name of ["decoy", "shop.notes", "shop-web.1"]) {
        const HostConfig = { RestartPolicy: { Name: "always" } };
        engine.start(engine.create({ name, Image: "shop:1", HostConfig }).id);
      }
    }
    const first = town.checked({}, programOf(scene, scene.before));
    const ending = await town.up({ __key: "key" }, first);
    if (ending.kind !== "done") throw new Error(`the first up failed: ${JSON.stringify(ending)}`);
    trial.state = ending.state;
    for (const disturbance of scene.disturbances) await trial.#disturb(disturbance);
    for (const [name, fate] of Object.entries(scene.hosts)) {
      const engine = town.engines.get(name)!;
      if (scene.isRebuilt) engine.images.set("shop:1", "id1 rebuilt");
      if (OFF.includes(fate)) for (const box of engine.boxes()) engine.remove(box.id, "by force");
      engine.registry.set("shop:1", engine.images.get("shop:1") ?? "").set("shop:2", "id2");
      if (scene.lacking.includes(name)) engine.images.delete(scene.after.image);
      engine.isReachable = !CUT_OFF.includes(fate);
    }
    trial.inputs = town.checked(trial.state, programOf(scene, scene.after));
    trial.#foreign = trial.#foreignBoxes();
    trial.mark = town.history.happenings.length;
    return trial;
  }

  /** Runs one `up` of the present program; the next one goes on from its state. */
  async up(weather: Weather = {}): Promise<Ending> {
    const latency = () => 0.001 + 0.05 * this.#chance();
    const fate = (call: Call): Fate => {
      const becomes = weather.fate?.(call) ?? "answered";
      if (call.what === "observe" && becomes !== "answered") this.unseen.add(call.host);
      return becomes;
    };
    const ending = await this.town.up(this.state, this.inputs, { latency, ...weather, fate });
    if (ending.kind === "done" || ending.kind === "partial") {
      this.state = ending.state;
      this.inputs = this.town.checked(this.state, programOf(this.#scene, this.#version));
    }
    return ending;
  }

  /** Makes the program the former one again, except for its hosts. */
  revert(): void {
    const { before, after } = this.#scene;
    this.#version = { ...before, hosts: after.hosts };
    this.inputs = this.town.checked(this.state, programOf(this.#scene, this.#version));
  }

  /** Makes hosts reachable again, except for those that are abandoned. */
  heal(): void {
    for (const [name, fate] of Object.entries(this.#scene.hosts))
      this.town.engines.get(name)!.isReachable = !OFF.includes(fate);
  }

  boxes(): { readonly engine: FakeEngine; readonly box: Box }[] {
    return [...this.town.engines.values()].flatMap((engine) => engine.boxes().map((box) => ({ engine, box })));
  }

  ours(): Box[] {
    return this.boxes().flatMap(({ box }) => (box.options.Labels?.[LABEL.app] === undefined ? [] : [box]));
  }

  running(): { readonly id: string; readonly type: string }[] {
    return this.ours().flatMap(({ id, state, options }) =>
      state === "running" ? [{ id, type: options.Labels?.[LABEL.type] ?? "" }] : [],
    );
  }

  formation(): Readonly<Record<string, number>> {
    return this.state["formation"] as Record<string, number>;
  }

  /** Changes to containers that are not ours: there must be none. */
  foreignHarm(): string[] {
    const now = this.#foreignBoxes();
    const started = this.town.history.since(this.mark, "start").filter(({ slot }) => slot === "");
    const changed = [...this.#foreign].filter(([id, was]) => now.get(id) !== was);
    return [...started.map(({ container }) => container), ...changed.map(([id, was]) => `${was} is ${now.get(id)}`)];
  }

  #foreignBoxes(): Map<string, string> {
    const foreign = this.boxes().filter(({ box }) => box.options.Labels?.[LABEL.app] === undefined);
    return new Map(foreign.map(({ box }) => [box.id, `${box.name} ${box.state}`]));
  }

  async #disturb({ which, what, host }: Disturbance): Promise<void> {
    const all = this.boxes().filter(({ box }) => box.options.Labels?.[LABEL.app] !== undefined);
    const chosen = all[which % Math.max(1, all.length)];
    if (chosen === undefined) return;
    const { engine, box } = chosen;
    const names = Object.keys(this.#scene.hosts);
    const elsewhere = this.town.engines.get(names[host % names.length]!)!;
    const isSeen = !CUT_OFF.includes(this.#scene.hosts[elsewhere.name]!);
    const copy = (on: FakeEngine, name: string, labels: Record<string, string>) => {
      const HostConfig = { RestartPolicy: { Name: "always" } };
      const Labels = { ...box.options.Labels, ...labels };
      if (on.boxes().every((one) => one.name !== name)) return on.create({ ...box.options, name, Labels, HostConfig });
    };
    const label = (name: string) => box.options.Labels?.[name] ?? "";
    switch (what) {
      case "exit":
        box.policy = "no";
        return engine.crash(box.id, 1);
      case "stop":
        return this.town.clock.during(engine.stop(box.id, 10));
      case "pause":
        if (box.state === "running") engine.pause(box.id);
        return;
      case "remove":
        return engine.remove(box.id, "by force");
      case "rename":
        if (!box.name.startsWith("odd-") && box.state !== "restarting") engine.rename(box.id, `odd-${box.id}`);
        return;
      case "resize":
        box.options.HostConfig = { ...box.options.HostConfig, Memory: 64 * 2 ** 20 };
        return;
      case "crash loop":
        box.restarts = 20;
        return engine.crash(box.id, 1);
      case "twin": {
        // On an unreachable host nobody could find a twin of a singleton.
        const twin = isSeen ? copy(elsewhere, `twin-${elsewhere.boxes().length}`, {}) : undefined;
        if (twin === undefined) return;
        this.twins.add(twin.id);
        elsewhere.start(twin.id);
        return elsewhere.isReady(twin);
      }
      case "orphan": {
        const orphan = copy(engine, "shop.olden.1", { [LABEL.type]: "olden", [LABEL.index]: "1" });
        if (orphan !== undefined) engine.start(orphan.id);
        return;
      }
      case "never started": {
        const index = Number(label(LABEL.index)) + 1;
        copy(engine, `shop.${label(LABEL.type)}.${index}`, { [LABEL.index]: String(index) });
      }
    }
  }
}
