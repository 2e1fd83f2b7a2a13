import { setTimeout as delay } from "node:timers/promises";
import type Docker from "dockerode";
import type { Readiness } from "../core/change";
import type { DesiredInstance } from "../core/desired";
import { FormationError, hasCode } from "../core/errors";
import { LABEL } from "../core/labels";
import type { ObservedHost, Query } from "../core/observed";
import type { Seconds } from "../core/units";
import { createOrAdopt, named } from "./adopt";
import { agreement } from "./api-version";
import { Attention } from "./attention";
import { createOptions } from "./container";
import { imageIdOf, lookAt } from "./docker-look";
import { dockerode } from "./dockerode";
import { engineError, statusOf } from "./engine-errors";
import { EngineHttp, query } from "./engine-http";
import { Glances } from "./glances";
import type { Host, PullOptions } from "./host";
import { limit } from "./limit";
import { runOnce } from "./one-off";
import { pullImage } from "./pull";
import { dropped } from "./read-back";
import { awaitReady } from "./readiness";
import { newerDigest } from "./registry-digest";
import { stopContainer } from "./stop";
import type { Transport } from "./transport";

/** Near the engine's best; more calls at once only queue up inside it. */
const CALLS_IN_FLIGHT = 8;
/** What an engine may take for anything but a stop; a frozen one accepts connections and never answers. */
const CALL_TIMEOUT_MS = 60_000;
const OBSERVE_TIMEOUT_MS = 5_000;
/** An engine now and then still writes into the folder of a container that it removes: it can, a moment later. */
const STILL_BUSY = /directory not empty|device or resource busy/;
const REMOVALS = 5;
const REMOVAL_PAUSE_MS = 500;

interface Clients {
  readonly docker: Docker;
  /** For calls that last as long as a process does. */
  readonly patient: Docker;
}

/** A Docker engine, whatever leads to it. */
export class DockerHost implements Host {
  readonly explain: Transport["explain"];
  readonly #transport: Transport;
  /** For looks. */
  readonly #http: EngineHttp;
  readonly #version: () => Promise<string>;
  #loaded: Promise<Clients> | undefined;
  readonly #queue = limit(CALLS_IN_FLIGHT);
  readonly #glances = new Glances(() =>
    this.#asked(() =>
      this.#get(`/containers/json${query({ all: true, filters: { label: [LABEL.app] } })}`, CALL_TIMEOUT_MS),
    ),
  );
  /** The ids of containers that were started here for the first time, by their names: nothing has been done to them since. */
  readonly #made = new Map<string, string>();
  #readBack = false;
  readonly #attention = new Attention(this, () => this.#http.get("/version"));

  constructor(
    readonly name: string,
    readonly address: string,
    transport: Transport,
  ) {
    this.#transport = transport;
    this.explain = transport.explain;
    this.#http = new EngineHttp(name, address, transport);
    this.#version = agreement(this.#http);
  }

  observe(what: Query): Promise<ObservedHost> {
    const { image, registryAuth } = what;
    const newer = async () =>
      registryAuth === undefined ? undefined : newerDigest((await this.#clients()).docker, image, registryAuth);
    return lookAt(this, what, (path) => this.#look(path), newer);
  }

  async pull(image: string, how: PullOptions, say: (progress: string) => void): Promise<void> {
    const present = (await imageIdOf((path) => this.#look(path), image)) !== undefined;
    if (present && how.pull !== "always") return;
    if (how.pull === "never") {
      throw new FormationError("ImageMissing", `image ${image} is not on ${this.name}, and pull is "never"`, {
        hint: "build or load it there, or let it be pulled",
      });
    }
    const { patient } = await this.#clients();
    await pullImage(patient, this, image, how.registryAuth, say);
  }

  run(want: DesiredInstance): Promise<readonly string[]> {
    return this.#queue(() => this.#attention.keep(() => this.#runOnFreePort(want)));
  }

  async once(want: DesiredInstance, timeout: Seconds, say: (line: string) => void): Promise<void> {
    const { patient } = await this.#clients();
    await runOnce(patient, this, want, timeout, say);
  }

  async start(container: string): Promise<void> {
    this.#made.delete(container);
    await this.#call((docker) => docker.getContainer(container).update({ RestartPolicy: { Name: "always" } }));
    try {
      await this.#act((docker) => docker.getContainer(container).start());
    } catch (error) {
      if (hasCode(error, "TaskLost")) await this.remove(container);
      if (!(error as Error).message.includes("paused")) throw error;
      await this.unpause(container);
    }
  }

  async unpause(container: string): Promise<void> {
    this.#made.delete(container);
    try {
      await this.#act((docker) => docker.getContainer(container).unpause());
    } catch (error) {
      const { State: state } = await this.#call((docker) => docker.getContainer(container).inspect());
      if (state.Status !== "running") throw error;
    }
  }

  async rename(container: string, name: string): Promise<void> {
    try {
      await this.#act((docker) => docker.getContainer(container).rename({ name }));
    } catch (error) {
      const { Name } = await this.#call((docker) => docker.getContainer(container).inspect());
      if (Name !== `/${name}`) throw error;
    }
  }

  stop(container: string, timeout: Seconds): Promise<void> {
    return this.#attention.keep(async () => {
      const { patient } = await this.#clients();
      await stopContainer(patient, this, this.#queue, container, timeout);
    });
  }

  async park(container: string, timeout: Seconds): Promise<void> {
    // In this order: cut off in between, it leaves nothing that runs without being kept running.
    await this.stop(container, timeout);
    await this.#call((docker) => docker.getContainer(container).update({ RestartPolicy: { Name: "no" } }));
  }

  async remove(container: string): Promise<void> {
    for (let tries = 1; ; tries++) {
      try {
        return await this.#removeOnce(container);
      } catch (error) {
        if (tries === REMOVALS || !STILL_BUSY.test((error as Error).message)) throw error;
      }
      await delay(REMOVAL_PAUSE_MS);
    }
  }

  async discard(want: DesiredInstance, spare?: string): Promise<void> {
    const { docker } = await this.#clients();
    const made = await named(docker, this, want);
    if (made?.kind !== "wanted" || made.id === spare) return;
    await this.stop(made.id, want.stopTimeout);
    await this.remove(made.id);
  }

  ready(container: string, readiness: Readiness): Promise<void> {
    const since = performance.now();
    const inspect = () => this.#call((docker) => docker.getContainer(container).inspect());
    const glance = (id: string) => this.#glances.of(id, since);
    const made = this.#made.get(container);
    this.#made.delete(container);
    return this.#wrapped(async () => {
      const { docker } = await this.#clients();
      await awaitReady({ host: this, docker, made, inspect, glance }, readiness);
    });
  }

  async variable(container: string, name: string): Promise<string | undefined> {
    const { Config } = await this.#call((docker) => docker.getContainer(container).inspect());
    return Config.Env.find((pair) => pair.startsWith(`${name}=`))?.slice(name.length + 1);
  }

  close(): void {
    this.#transport.close();
  }

  async #removeOnce(container: string): Promise<void> {
    try {
      // What is being removed is done with before more is stopped.
      await this.#act((docker) => docker.getContainer(container).remove({ v: true }), true).catch(
        async (error: unknown) => {
          if (!(error as Error).message.includes("already in progress")) throw error;
          await this.#call((docker) => docker.getContainer(container).wait({ condition: "removed" }));
        },
      );
    } catch (error) {
      if (!hasCode(error, "NotFound")) throw error;
    }
  }

  async #runOnFreePort(want: DesiredInstance): Promise<readonly string[]> {
    const ports = want.publish?.hostPorts ?? [undefined];
    for (const [at, port] of ports.entries()) {
      try {
        return await this.#createAndStart(want, port);
      } catch (error) {
        if (!hasCode(error, "PortTaken") || at === ports.length - 1) throw error;
      }
    }
    return [];
  }

  async #createAndStart(want: DesiredInstance, port: number | undefined): Promise<readonly string[]> {
    const { docker } = await this.#clients();
    const { container, isAdopted, warnings } = await createOrAdopt(docker, this, want, port);
    this.#made.delete(want.name);
    try {
      await container.start();
    } catch (error) {
      if (statusOf(error) === 304) return warnings;
      // A container that could not start keeps its name.
      await container.remove({ force: true }).catch(() => undefined);
      const refusal = engineError(error, this);
      if (!isAdopted || refusal.code !== "TaskLost") throw refusal;
      // The engine, back again, has told the lost process to stop.
      if (want.singleton) await delay(want.stopTimeout * 1000);
      return this.#createAndStart(want, port);
    }
    if (!isAdopted) this.#made.set(want.name, container.id);
    if (this.#readBack) return warnings;
    this.#readBack = true;
    return [...warnings, ...dropped(createOptions(want, port), await container.inspect(), this.name)];
  }

  async #act(call: (docker: Docker) => Promise<unknown>, first = false): Promise<void> {
    try {
      await this.#call(call, first);
    } catch (error) {
      if (statusOf((error as Error).cause) !== 304) throw error;
    }
  }

  #call<T>(call: (docker: Docker) => Promise<T>, first = false): Promise<T> {
    return this.#asked(async () => call((await this.#clients()).docker), first);
  }

  #asked<T>(ask: () => Promise<T>, first = false): Promise<T> {
    return this.#queue(() => this.#attention.keep(() => this.#wrapped(ask)), first);
  }

  async #wrapped<T>(call: () => Promise<T>): Promise<T> {
    try {
      return await call();
    } catch (error) {
      throw engineError(error, this);
    }
  }

  /** A look must not keep a preview waiting for an engine that does not answer. */
  async #look<T>(path: string): Promise<T> {
    await this.#wrapped(this.#transport.ready);
    this.#attention.renew();
    return this.#attention.within(OBSERVE_TIMEOUT_MS, () => this.#asked(() => this.#get<T>(path)));
  }

  async #get<T>(path: string, timeoutMs?: number): Promise<T> {
    return this.#http.get<T>(`/${await this.#version()}${path}`, timeoutMs);
  }

  async #clients(): Promise<Clients> {
    const version = await this.#version();
    const load = async () => ({
      docker: await dockerode(this.#transport, { version, timeout: CALL_TIMEOUT_MS }),
      patient: await dockerode(this.#transport, { version }),
    });
    return (this.#loaded ??= load());
  }
}
