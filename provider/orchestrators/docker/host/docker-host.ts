import type { ContainerInspectInfo } from "../../../engine/containers";
import type { Readiness } from "../../../core/model/change";
import type { Claim } from "../../../core/model/claim";
import type { DesiredInstance } from "../../../core/model/desired";
import { KEY_VARIABLE } from "../../../core/model/environment";
import { FormationError, hasCode } from "../../../core/values/errors";
import type { ObservedHost, Query } from "../../../core/model/observed";
import type { Seconds } from "../../../core/values/units";
import { named } from "../container/adopt";
import { AgreedEngine } from "../../../engine/api-version";
import { SilenceGuard } from "../../../engine/silence";
import { bringUp } from "../container/bring-up";
import { claimsOf, removeClaim, writeClaim } from "./claims";
import { inspect, isPaused, variableIn } from "../container/container";
import { inspectImage } from "../../../engine/image";
import { lookAt, type Info } from "./observe";
import { engineError, lookError } from "../../../engine/errors";
import { ACT_TIMEOUT_MS, EngineHttp, query, type Get } from "../../../engine/client";
import type { Exit } from "../../../engine/exit";
import { FilesKept } from "./files-kept";
import { SharedList } from "./shared-list";
import type { Host, PullOptions } from "./host";
import { Keys } from "./keys";
import { limit } from "../../../engine/limit";
import { runOnce } from "../container/one-off";
import { withHealth } from "../../../engine/podman";
import { pullImage } from "./pull";
import { isInContainer } from "../../../engine/own-process";
import { dropped } from "../container/read-back";
import { awaitReady } from "../container/readiness";
import { isAlreadySo } from "../../../engine/refusal";
import { newerDigest } from "../../../engine/registry/registry-digest";
import { removeContainer } from "../container/remove";
import { isSingleton, setRestartPolicy, wasEnded } from "../container/restart-policy";
import { stopContainer } from "../container/stop";
import type { Transport } from "../../../engine/connect/transport";

/** More calls at once only queue up inside the engine. */
const CALLS_IN_FLIGHT = 8;
/** The engines' own default for a container without a stop timeout. */
const DEFAULT_STOP: Seconds = 10;

/** A Docker engine, over any transport. */
export class DockerHost implements Host {
  readonly explain: Transport["explain"];
  readonly #transport: Transport;
  readonly #http: EngineHttp;
  readonly #engine: AgreedEngine;
  readonly #queue = limit(CALLS_IN_FLIGHT);
  /** Observations have a limit of their own, so that no change, of this or another formation, delays them. */
  readonly #looks = limit(CALLS_IN_FLIGHT);
  readonly #glances = new SharedList((id) =>
    this.#call(() => this.#engine.get(`/containers/json${query({ all: true, filters: { id } })}`, ACT_TIMEOUT_MS)),
  );
  /** The ids, by name, of containers that this provider has started and not touched since. */
  readonly #made = new Map<string, string>();
  readonly #keys = new Keys(async (container, name) =>
    variableIn(await this.#get(`/containers/${container}/json`), name),
  );
  /** Containers that could not be parked, and were removed instead. */
  readonly #ended = new Set<string>();
  /** Types whose settings were compared with those that the engine has kept. */
  readonly #readBack = new Set<string>();
  readonly #files = new FilesKept();
  readonly #attention: SilenceGuard;

  constructor(
    readonly name: string,
    readonly address: string,
    transport: Transport,
  ) {
    this.#transport = transport;
    this.explain = transport.explain;
    this.#http = new EngineHttp(name, address, transport);
    this.#engine = new AgreedEngine(this.#http);
    this.#attention = new SilenceGuard(this, () => this.#http.get("/version"));
  }

  observe(what: Query): Promise<ObservedHost> {
    return this.#attention.look(() => this.#observe(what));
  }

  async #observe(what: Query): Promise<ObservedHost> {
    const { registryAuth: auth } = what;
    const newer = async (image: string) => (auth === undefined ? undefined : newerDigest(this.#engine, image, auth));
    const info = () => this.#look(() => this.#http.get<Info>("/info"));
    const key = (id: string) => this.#keys.of(id);
    const tellsSettings = async () => !(await this.#engine.isPodman());
    const asks = { info, get: this.#get, newer, key, tellsSettings, inspect: (id: string) => this.#glimpse(id) };
    const seen = await lookAt(this, what, asks).catch((error: unknown) => {
      throw lookError(error, this);
    });
    this.#files.note(seen.instances);
    if (!(await this.#engine.isPodman())) return seen;
    // Podman reports another id each time.
    return { ...seen, engine: "", instances: await withHealth(seen.instances, (id) => this.#ifThere(id)) };
  }

  async pull(image: string, how: PullOptions, say: (progress: string) => void): Promise<void> {
    const present = (await inspectImage(this.#get, image)) !== undefined;
    if (present && how.pull !== "always") return;
    if (how.pull === "never") {
      throw new FormationError("ImageMissing", `image ${image} is not on ${this.name}, and pull is "never"`, {
        hint: "build or load it there, or let it be pulled",
      });
    }
    await this.#attention.keep((over) => pullImage(this.#engine.until(over), image, how.registryAuth, say));
  }

  run(want: DesiredInstance): Promise<readonly string[]> {
    return this.#queue(() => this.#attention.keep((over) => this.#bringUp(want, this.#engine.until(over))));
  }

  once(want: DesiredInstance, timeout: Seconds, say: (line: string) => void): Promise<void> {
    const run = (engine: AgreedEngine) => this.#files.with(engine, want, () => runOnce(engine, want, timeout, say));
    return this.#attention.keep((over) => run(this.#engine.until(over)));
  }

  start(container: string, want?: DesiredInstance): Promise<void> {
    return this.#files.with(this.#engine, want, () => this.#start(container));
  }

  async #start(container: string): Promise<void> {
    this.#made.delete(container);
    if (this.#ended.has(container)) throw wasEnded(container, this.name);
    await this.#setRestartPolicy(container, "always");
    try {
      await this.#act("POST", `/containers/${container}/start`);
    } catch (error) {
      if (hasCode(error, "TaskLost")) await this.remove(container);
      if (!hasCode(error, "EngineRefused") || !(await this.#call(() => isPaused(this.#engine, container)))) throw error;
      await this.unpause(container);
    }
  }

  async unpause(container: string): Promise<void> {
    this.#made.delete(container);
    try {
      await this.#act("POST", `/containers/${container}/unpause`);
    } catch (error) {
      const { State: state } = await this.#call(() => inspect(this.#engine, container));
      if (state.Status !== "running") throw error;
    }
  }

  async rename(container: string, name: string): Promise<void> {
    if (this.#ended.has(container)) return;
    const rename = () => this.#act("POST", `/containers/${container}/rename${query({ name })}`);
    try {
      await rename();
    } catch (error) {
      const { Name, State, Config, RestartCount } = await this.#call(() => inspect(this.#engine, container));
      if (Name === `/${name}`) return;
      const isCrashing = State.Status === "restarting" || RestartCount > 0;
      if (!isCrashing || hasCode(error, "NameTaken")) throw error;
      // Engines refuse to rename a container between two restarts, when it has no network.
      await this.stop(container, Config.StopTimeout ?? DEFAULT_STOP);
      await rename();
      await this.#act("POST", `/containers/${container}/start`);
    }
  }

  stop(container: string, timeout: Seconds): Promise<void> {
    return this.#attention.keep((over) => stopContainer(this.#engine.until(over), this.#queue, container, timeout));
  }

  async park(container: string, timeout: Seconds): Promise<void> {
    // The stop comes first: an interruption in between leaves no process that runs without a restart policy.
    await this.stop(container, timeout);
    if (this.#ended.has(container) || (await this.#setRestartPolicy(container, "no"))) return;
    // With its restart policy it would start again with its machine, and run beside its successor.
    if (!(await this.#call(() => isSingleton(this.#engine, container)))) return;
    await this.remove(container);
    this.#ended.add(container);
  }

  async remove(container: string): Promise<void> {
    await removeContainer(container, {
      // Removals go first in the queue, so that they are done before more stops begin.
      remove: (path) => this.#act("DELETE", path, true),
      wait: (path) => this.#call(() => this.#engine.act<Exit>("POST", path)),
    });
    await this.#wrapped(() => this.#files.clear(this.#engine, container));
  }

  async discard(want: DesiredInstance, spare?: string): Promise<void> {
    const made = await this.#call(() => named(this.#engine, want));
    if (made?.kind !== "wanted" || made.id === spare) return;
    await this.stop(made.id, want.settings.stopTimeout);
    await this.remove(made.id);
  }

  ready(container: string, readiness: Readiness): Promise<void> {
    const since = performance.now();
    const full = () => this.#call(() => inspect(this.#engine, container));
    const glance = (id: string) => this.#glances.of(id, since);
    const made = this.#made.get(container);
    this.#made.delete(container);
    const tellsHealth = async () => !(await this.#engine.isPodman());
    const waiting = { engine: this.#engine, made, inspect: full, glance, tellsHealth, isInContainer };
    return this.#attention.keep(() => this.#wrapped(() => awaitReady(waiting, readiness)));
  }

  async variable(container: string, name: string): Promise<string | undefined> {
    return variableIn(await this.#call(() => inspect(this.#engine, container)), name);
  }

  claims(): Promise<readonly Claim[]> {
    return this.#wrapped(() => claimsOf(this.#get));
  }

  claim(claim: Claim): Promise<Claim> {
    return this.#call(() => writeClaim(this.#engine, claim));
  }

  unclaim(claim: Pick<Claim, "app" | "generation">): Promise<void> {
    return this.#call(() => removeClaim(this.#engine, claim));
  }

  close(): void {
    this.#transport.close();
  }

  async #bringUp(want: DesiredInstance, engine: AgreedEngine): Promise<readonly string[]> {
    this.#made.delete(want.name);
    const { id, isNew, warnings } = await this.#files.with(engine, want, () => bringUp(engine, want));
    this.#keys.note(id, want.env[KEY_VARIABLE]);
    this.#files.hold(id, want);
    if (!isNew) return warnings;
    this.#made.set(want.name, id);
    if (this.#readBack.has(want.type)) return warnings;
    this.#readBack.add(want.type);
    return [...warnings, ...(await dropped(want.settings, engine, id))];
  }

  #setRestartPolicy(container: string, name: "always" | "no"): Promise<boolean> {
    return this.#call(() => setRestartPolicy(this.#engine, container, name));
  }

  async #act(method: "POST" | "DELETE", path: string, first = false): Promise<void> {
    try {
      await this.#call(() => this.#engine.act(method, path), first);
    } catch (error) {
      if (!isAlreadySo(error)) throw error;
    }
  }

  #call<T>(call: () => Promise<T>, first = false): Promise<T> {
    return this.#queue(() => this.#attention.keep(call), first);
  }

  async #wrapped<T>(call: () => Promise<T>): Promise<T> {
    try {
      return await call();
    } catch (error) {
      throw engineError(error, this);
    }
  }

  /** Gives each call of an observation a short time of its own: a slow engine is not unreachable. */
  async #look<T>(get: () => Promise<T>): Promise<T> {
    await this.#http.ready();
    return this.#looks(get);
  }

  async #ifThere(container: string): Promise<ContainerInspectInfo | undefined> {
    try {
      return await this.#get(`/containers/${container}/json`);
    } catch (error) {
      if (hasCode(error, "NotFound")) return undefined;
      throw error;
    }
  }

  /** Observes one container: a call that hangs, as beside a start that hangs, makes no host unreachable. */
  #glimpse(container: string): Promise<ContainerInspectInfo | undefined> {
    return this.#ifThere(container).catch(() => undefined);
  }

  readonly #get: Get = (path) => this.#look(() => this.#engine.get(path));
}
