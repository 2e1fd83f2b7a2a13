import { setTimeout as delay } from "node:timers/promises";
import Docker, { type ContainerInfo } from "dockerode";
import type { Readiness } from "../core/change";
import type { DesiredInstance } from "../core/desired";
import { FormationError, hasCode } from "../core/errors";
import { LABEL } from "../core/labels";
import type { ObservedHost, Query, Stranger } from "../core/observed";
import type { Seconds } from "../core/units";
import { createOrAdopt, named } from "./adopt";
import { agreement } from "./api-version";
import { Attention } from "./attention";
import { createOptions, nameOf, observedInstance } from "./container";
import { engineError, statusOf } from "./engine-errors";
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

/** A Docker engine, whatever leads to it. */
export class DockerHost implements Host {
  readonly #docker: Docker;
  /** For calls that last as long as a process does. */
  readonly #patient: Docker;
  readonly explain: Transport["explain"];
  readonly #transport: Transport;
  readonly #agree: () => Promise<void>;
  readonly #queue = limit(CALLS_IN_FLIGHT);
  readonly #glances = new Glances(() =>
    this.#call(() => this.#docker.listContainers({ all: true, filters: { label: [LABEL.app] } })),
  );
  /** The ids of containers that were started here for the first time, by their names: nothing has been done to them since. */
  readonly #made = new Map<string, string>();
  #readBack = false;
  readonly #attention = new Attention(this, () => this.#docker.ping());

  constructor(
    readonly name: string,
    readonly address: string,
    transport: Transport,
  ) {
    this.#transport = transport;
    this.explain = transport.explain;
    this.#docker = new Docker({ ...transport.options, timeout: CALL_TIMEOUT_MS });
    this.#patient = new Docker(transport.options);
    this.#agree = agreement([this.#docker, this.#patient], name);
  }

  async observe(query: Query): Promise<ObservedHost> {
    const list = (filters: Record<string, string[]>) =>
      this.#look(() => this.#docker.listContainers({ all: true, filters }));
    const [info, image, newer, named, publishing, ...ours] = await Promise.all([
      this.#look(() => this.#docker.info() as Promise<{ ID: string; NCPU: number; MemTotal: number }>),
      query.image === undefined ? undefined : this.#imageId(query.image),
      query.registryAuth === undefined ? undefined : newerDigest(this.#docker, query.image, query.registryAuth),
      list({ name: query.apps.map((app) => `^/?${app}\\.`) }),
      query.fixedPorts.length === 0 ? [] : list({ publish: query.fixedPorts.map(String) }),
      ...query.apps.map((app) => list({ label: [`${LABEL.app}=${app}`] })),
    ]);
    const instances = ours.flat().map((one) => observedInstance(this.name, one));
    const own = new Set(instances.map((one) => one.container));
    return {
      name: this.name,
      address: this.address,
      engine: info.ID,
      instances,
      strangers: [...named, ...publishing].filter((one) => !own.has(one.Id)).map(stranger),
      ...(image === undefined ? {} : { imageId: image }),
      ...(newer === undefined ? {} : { newerImage: newer }),
      capacity: { cpus: info.NCPU * 1e9, memory: info.MemTotal },
    };
  }

  async pull(image: string, how: PullOptions, say: (progress: string) => void): Promise<void> {
    const present = (await this.#imageId(image)) !== undefined;
    if (present && how.pull !== "always") return;
    if (how.pull === "never") {
      throw new FormationError("ImageMissing", `image ${image} is not on ${this.name}, and pull is "never"`, {
        hint: "build or load it there, or let it be pulled",
      });
    }
    await pullImage(this.#patient, this, image, how.registryAuth, say);
  }

  run(want: DesiredInstance): Promise<readonly string[]> {
    return this.#queue(() => this.#attention.keep(() => this.#runOnFreePort(want)));
  }

  once(want: DesiredInstance, timeout: Seconds, say: (line: string) => void): Promise<void> {
    return runOnce(this.#patient, this, want, timeout, say);
  }

  async start(container: string): Promise<void> {
    this.#made.delete(container);
    await this.#call(() => this.#docker.getContainer(container).update({ RestartPolicy: { Name: "always" } }));
    try {
      await this.#act(() => this.#docker.getContainer(container).start());
    } catch (error) {
      if (hasCode(error, "TaskLost")) await this.remove(container);
      if (!(error as Error).message.includes("paused")) throw error;
      await this.unpause(container);
    }
  }

  async unpause(container: string): Promise<void> {
    this.#made.delete(container);
    try {
      await this.#act(() => this.#docker.getContainer(container).unpause());
    } catch (error) {
      const { State: state } = await this.#call(() => this.#docker.getContainer(container).inspect());
      if (state.Status !== "running") throw error;
    }
  }

  async rename(container: string, name: string): Promise<void> {
    try {
      await this.#act(() => this.#docker.getContainer(container).rename({ name }));
    } catch (error) {
      const { Name } = await this.#call(() => this.#docker.getContainer(container).inspect());
      if (Name !== `/${name}`) throw error;
    }
  }

  stop(container: string, timeout: Seconds): Promise<void> {
    return this.#attention.keep(() => stopContainer(this.#patient, this, this.#queue, container, timeout));
  }

  async park(container: string, timeout: Seconds): Promise<void> {
    // In this order: cut off in between, it leaves nothing that runs without being kept running.
    await this.stop(container, timeout);
    await this.#call(() => this.#docker.getContainer(container).update({ RestartPolicy: { Name: "no" } }));
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
    const made = await named(this.#docker, this, want);
    if (made?.kind !== "wanted" || made.id === spare) return;
    await this.stop(made.id, want.stopTimeout);
    await this.remove(made.id);
  }

  ready(container: string, readiness: Readiness): Promise<void> {
    const since = performance.now();
    const inspect = () => this.#call(() => this.#docker.getContainer(container).inspect());
    const glance = (id: string) => this.#glances.of(id, since);
    const made = this.#made.get(container);
    this.#made.delete(container);
    return this.#wrapped(() => awaitReady({ host: this, docker: this.#docker, made, inspect, glance }, readiness));
  }

  async variable(container: string, name: string): Promise<string | undefined> {
    const { Config } = await this.#call(() => this.#docker.getContainer(container).inspect());
    return Config.Env.find((pair) => pair.startsWith(`${name}=`))?.slice(name.length + 1);
  }

  close(): void {
    this.#transport.close();
  }

  async #removeOnce(container: string): Promise<void> {
    const one = this.#docker.getContainer(container);
    try {
      // What is being removed is done with before more is stopped.
      await this.#act(() => one.remove({ v: true }), true).catch(async (error: unknown) => {
        if (!(error as Error).message.includes("already in progress")) throw error;
        await this.#call(() => one.wait({ condition: "removed" }));
      });
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
    const { container, isAdopted, warnings } = await createOrAdopt(this.#docker, this, want, port);
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

  async #imageId(image: string): Promise<string | undefined> {
    try {
      return (await this.#look(() => this.#docker.getImage(image).inspect())).Id;
    } catch (error) {
      if (hasCode(error, "NotFound")) return undefined;
      throw error;
    }
  }

  async #act(call: () => Promise<unknown>, first = false): Promise<void> {
    try {
      await this.#call(call, first);
    } catch (error) {
      if (statusOf((error as Error).cause) !== 304) throw error;
    }
  }

  #call<T>(call: () => Promise<T>, first = false): Promise<T> {
    return this.#queue(() => this.#attention.keep(() => this.#wrapped(() => this.#agree().then(call))), first);
  }

  async #wrapped<T>(call: () => Promise<T>): Promise<T> {
    try {
      return await call();
    } catch (error) {
      throw engineError(error, this);
    }
  }

  /** A look must not keep a preview waiting for an engine that does not answer. */
  async #look<T>(call: () => Promise<T>): Promise<T> {
    await this.#wrapped(this.#transport.ready);
    this.#attention.renew();
    return this.#attention.within(OBSERVE_TIMEOUT_MS, () => this.#call(call));
  }
}

function stranger(info: ContainerInfo): Stranger {
  return { name: nameOf(info), ports: info.Ports.flatMap((port) => (port.PublicPort as number | undefined) ?? []) };
}
