import type { ContainerInspectInfo } from "../../../provider/engine/containers";
import type { Readiness } from "../../../provider/core/model/change";
import type { DesiredInstance } from "../../../provider/core/model/desired";
import { FormationError, hasCode, vanished } from "../../../provider/core/values/errors";
import { claimLabels, claimName, type Claim } from "../../../provider/core/model/claim";
import { holderOf, keyIn, type Holder } from "../../../provider/core/model/labels";
import type { ObservedHost, Query } from "../../../provider/core/model/observed";
import type { Seconds } from "../../../provider/core/values/units";
import { createOptions } from "../../../provider/orchestrators/docker/container/container";
import { lookAt } from "../../../provider/orchestrators/docker/host/observe";
import { lookError } from "../../../provider/engine/errors";
import type { Host, PullOptions } from "../../../provider/orchestrators/docker/host/host";
import type { Box, FakeEngine } from "./engine";
import { imageAnswer } from "./images";
import { left } from "./left-out";
import { Wire, type Fate, type Kind, type Line } from "./wire";

const POLL: Seconds = 0.25;
const KILL_GRACE: Seconds = 10;

/** A host on a fake engine. It makes the same calls as the real one, one by one. */
export class FakeHost implements Host, Line {
  readonly explain = () => undefined;

  constructor(
    readonly engine: FakeEngine,
    readonly wire = new Wire(engine.clock),
    readonly name = engine.name,
    readonly address = `unix:///${engine.name}`,
  ) {}

  observe(query: Query): Promise<ObservedHost> {
    const { id, capacity } = this.engine;
    const SystemTime = new Date(this.engine.clock.now() * 1000).toISOString();
    const info = { ID: id, Name: this.engine.name, NCPU: capacity.cpus / 1e9, MemTotal: capacity.memory, SystemTime };
    const asks = (fate: Fate): Parameters<typeof lookAt>[2] => ({
      info: async () => left(fate, this.wire.calls, info),
      get: async <T>(path: string) => left(fate, this.wire.calls, this.#answer(path)) as T,
      newer: (image) => Promise.resolve(query.registryAuth === undefined ? undefined : this.#newerImage(image)),
      key: (container) => Promise.resolve(keyIn(this.engine.find(container).options.Env ?? [])),
      inspect: (container) => Promise.resolve(this.#settings(container)),
      tellsSettings: () => Promise.resolve(true),
    });
    return this.#call("observe", (fate) =>
      lookAt(this, query, asks(fate)).catch((error: unknown) => {
        throw lookError(error, this);
      }),
    );
  }

  #settings(container: string): ContainerInspectInfo {
    const { options, policy, restarts, networks } = this.engine.find(container);
    const HostConfig = { ...options.HostConfig, RestartPolicy: { Name: policy } };
    const NetworkSettings = { Networks: Object.fromEntries([...networks].map((name) => [name, { NetworkID: "" }])) };
    const Config = { Labels: options.Labels ?? {} };
    return { Config, HostConfig, NetworkSettings, RestartCount: restarts } as unknown as ContainerInspectInfo;
  }

  #newerImage(image: string): string | undefined {
    const id = this.engine.registry.get(image);
    return id === this.engine.images.get(image) ? undefined : id;
  }

  #answer(path: string): unknown {
    if (path.startsWith("/images/")) return imageAnswer(this.engine, path);
    if (path.startsWith("/volumes?"))
      return { Volumes: this.engine.claims.map((claim) => ({ Name: claimName(claim), Labels: claimLabels(claim) })) };
    const [, volume] = /^\/volumes\/(.*)$/.exec(path) ?? [];
    if (volume !== undefined) {
      if (this.engine.volumes.has(volume)) return {};
      throw new FormationError("NotFound", `${this.name}: get ${volume}: no such volume`);
    }
    const [, network] = /^\/networks\/(.*)$/.exec(path) ?? [];
    if (network === undefined) return this.engine.boxes().map((box) => this.engine.info(box));
    if (this.engine.networks.has(decodeURIComponent(network))) return {};
    throw new FormationError("NotFound", `${this.name}: network ${network} not found`);
  }

  async pull(image: string, how: PullOptions, say: (progress: string) => void): Promise<void> {
    const isThere = await this.#call("inspect", () => this.engine.images.has(image));
    if (isThere && how.pull !== "always") return;
    const missing = (why: string) =>
      new FormationError("ImageMissing", `image ${image} is not on ${this.name} and cannot be pulled: ${why}`);
    if (how.pull === "never") throw missing("pull is never");
    say(`pulling ${image} on ${this.name}`);
    const pulled = this.#call("pull", (fate) => {
      const id = this.engine.registry.get(image);
      if (id === undefined) throw missing("no such image");
      if (fate !== "halved" && fate !== "bare") this.engine.images.set(image, id);
    });
    await pulled.catch((error: unknown) => {
      throw hasCode(error, "ImageMissing") ? error : missing((error as Error).message);
    });
  }

  async run(want: DesiredInstance): Promise<readonly string[]> {
    const ports = want.publish?.hostPorts ?? [undefined];
    for (const [at, port] of ports.entries()) {
      try {
        await this.#createAndStart(want, port);
        return [];
      } catch (error) {
        if (!hasCode(error, "PortTaken") || at === ports.length - 1) throw error;
      }
    }
    return [];
  }

  async once(want: DesiredInstance, timeout: Seconds, say: (line: string) => void): Promise<void> {
    const box = await this.#call("create", () => this.engine.create(createOptions(want, undefined)));
    try {
      for (const { name } of want.networks.slice(1))
        await this.#call("connect", () => this.engine.connect(box.id, String(name)));
      await this.#call("start", () => this.engine.start(box.id));
      const deadline = this.engine.clock.now() + timeout;
      await this.#call("wait", () => undefined, timeout);
      while (box.state === "running" && this.engine.clock.now() < deadline) await this.#poll();
      await this.#call("logs", () => undefined);
      for (const line of box.output.split("\n").filter((one) => one !== "")) say(line);
      const isLate = box.state === "running";
      if (isLate) await this.#call("stop", () => this.engine.stop(box.id, 10));
      const what = isLate ? `did not end within ${timeout} s` : `exited with code ${box.exitCode}`;
      if (isLate || box.exitCode !== 0)
        throw new FormationError("ProcessExited", `${what}; its last lines:\n${box.output}`);
    } finally {
      await this.#clear(box);
    }
  }

  async start(container: string): Promise<void> {
    await this.#call("update", () => this.engine.update(container, "always"));
    await this.#call("start", () => {
      if (this.engine.find(container).state === "paused") this.engine.unpause(container);
      else this.engine.start(container);
    });
  }

  async unpause(container: string): Promise<void> {
    try {
      await this.#call("unpause", () => {
        if (this.engine.find(container).state !== "running") this.engine.unpause(container);
      });
    } catch (error) {
      if ((await this.#call("inspect", () => this.engine.find(container).state)) !== "running") throw error;
    }
  }

  async rename(container: string, name: string): Promise<void> {
    const rename = () =>
      this.#call("rename", () => {
        if (this.engine.find(container).name !== name) this.engine.rename(container, name);
      });
    try {
      await rename();
    } catch (error) {
      const { id, state, options, name: now } = await this.#call("inspect", () => this.engine.find(container));
      if (now === name) return;
      if (state !== "restarting") throw error;
      await this.stop(id, options.StopTimeout ?? 10);
      await rename();
      await this.#call("start", () => this.engine.start(id));
    }
  }

  async stop(container: string, timeout: Seconds): Promise<void> {
    try {
      await this.#call("stop", () => this.engine.stop(container, timeout), timeout + KILL_GRACE);
    } catch (error) {
      if (!hasCode(error, "NotFound")) throw error;
    }
  }

  async park(container: string, timeout: Seconds): Promise<void> {
    await this.stop(container, timeout);
    await this.#call("update", () => this.engine.update(container, "no"));
  }

  async remove(container: string): Promise<void> {
    try {
      await this.#call("remove", () => this.engine.remove(container));
    } catch (error) {
      if (!hasCode(error, "NotFound")) throw error;
    }
  }

  async discard(want: DesiredInstance, spare?: string): Promise<void> {
    const made = await this.#call("inspect", () => this.#named(want));
    if (made === undefined || kindOf(made, want) !== "wanted" || made.id === spare) return;
    await this.stop(made.id, want.settings.stopTimeout);
    await this.remove(made.id);
  }

  async ready(container: string, { monitor, http }: Readiness): Promise<void> {
    const { clock } = this.engine;
    const box = await this.#call("inspect", () => this.engine.find(container));
    const began = clock.now();
    const { restarts } = box;
    const patience = http === undefined ? Infinity : http.startPeriod + http.retries * http.interval;
    for (;;) {
      const elapsed = clock.now() - began;
      if (box.state !== "running" || box.restarts !== restarts)
        throw new FormationError("ProcessExited", `exited with code ${box.exitCode}; its last lines:\n${box.output}`);
      const health = this.engine.healthOf(box);
      const answers = http === undefined || this.engine.behaviourOf(box).answers;
      if (health === "unhealthy" || (!answers && elapsed >= patience))
        throw new FormationError(
          "NotReady",
          `is ${health ?? "silent"} after ${elapsed} s; its last lines:\n${box.output}`,
        );
      if (elapsed >= monitor && answers && health !== "health: starting") break;
      await this.#poll();
    }
    this.engine.isReady(box);
  }

  variable(container: string, name: string): Promise<string | undefined> {
    return this.#call("inspect", () => {
      const { options } = this.engine.find(container);
      return options.Env?.find((pair) => pair.startsWith(`${name}=`))?.slice(name.length + 1);
    });
  }

  claims(): Promise<readonly Claim[]> {
    return this.#call("claims", () => [...this.engine.claims]);
  }

  async claim(claim: Claim): Promise<Claim> {
    try {
      return await this.#call("claim", () => this.engine.claim(claim));
    } catch (error) {
      if (!hasCode(error, "EngineRefused")) throw error;
      const isIt = (one: Claim) => claimName(one) === claimName(claim);
      const there = await this.#call("inspect", () => this.engine.claims.find(isIt)).catch(() => undefined);
      if (there === undefined) throw error;
      return there;
    }
  }

  unclaim(claim: Pick<Claim, "app" | "generation">): Promise<void> {
    return this.#call("unclaim", () => this.engine.unclaim(claim));
  }

  close(): void {
    // There is no connection to close.
  }

  async #createAndStart(want: DesiredInstance, port: number | undefined): Promise<void> {
    let box: Box;
    try {
      box = await this.#call("create", () => this.engine.create(createOptions(want, port)));
    } catch (error) {
      if (!hasCode(error, "NameTaken")) throw error;
      const made = await this.#call("inspect", () => this.#named(want));
      if (made === undefined || kindOf(made, want) === "stranger") throw error;
      if (kindOf(made, want) === "leftover") {
        await this.stop(made.id, want.settings.stopTimeout);
        await this.remove(made.id);
        return this.#createAndStart(want, port);
      }
      box = made;
    }
    try {
      for (const { name } of want.networks.slice(1))
        await this.#call("connect", () => this.engine.connect(box.id, String(name)));
      await this.#call("start", () => this.engine.start(box.id));
    } catch (error) {
      const isGone = !this.engine.boxes().includes(box);
      await this.#clear(box);
      throw isGone ? vanished(error) : error;
    }
  }

  async #clear(box: Box): Promise<void> {
    await this.#call("remove", () => this.engine.remove(box.id, "by force")).catch(() => undefined);
  }

  #named({ name }: DesiredInstance): Box | undefined {
    return this.engine.boxes().find((one) => one.name === name);
  }

  #poll(): Promise<void> {
    return this.engine.clock.sleep(POLL).then(() => this.#call("glance", () => undefined));
  }

  #call<T>(what: Kind, act: (fate: Fate) => T | Promise<T>, patience?: Seconds): Promise<T> {
    return this.wire.call(this, what, act, patience);
  }
}

function kindOf({ options }: Box, want: DesiredInstance): Holder {
  return holderOf(options.Labels ?? {}, options.Env ?? [], want);
}
