import { setTimeout as delay } from "node:timers/promises";
import { FormationError, hasCode } from "../../../core/values/errors";
import type { RegistryAuth } from "../../../core/inputs/spec";
import type { Claim } from "../../../core/model/claim";
import type { ObservedNode, ObservedService, ObservedSwarm, ObservedTask } from "../plan/observed";
import type { ServiceSpec } from "../plan/service/service";
import { lastLines } from "../../../engine/log-lines";
import { refusalOf, statusOf } from "../../../engine/refusal";
import { credentialsFor, wordsOn, type Found } from "../../../engine/registry/registry-auth";
import type { Swarm, SwarmQuery } from "./swarm";
import { observedNodes, observedService } from "./answers";
import type { SwarmApi } from "./swarm-api";
import { claimsOf, removeClaim, writeClaim } from "./claims";
import { isNameConflict, isOutOfSequence, troubleOf, wordsOf } from "./errors";
import { appLabel, lookAtSwarm, tasksWith } from "./observe";
import { swarmImages } from "./image";
import type { Managers } from "./managers";

/** Callers that list tasks within this time share one call. */
const GLANCE_MS = 200;
const LOG_TIMEOUT_MS = 5_000;

/** A Swarm behind the Engine API of its managers. */
export class SwarmEngine implements Swarm {
  readonly #glances = new Map<string, { readonly at: number; readonly tasks: Promise<readonly ObservedTask[]> }>();

  /** Credentials that the nodes were given, by the service's name. */
  readonly #given = new Map<string, Found>();

  constructor(readonly managers: Managers) {}

  async observe(query: SwarmQuery): Promise<ObservedSwarm> {
    const seen = await this.#call((api) => lookAtSwarm(api, query));
    const images = await this.#call((api) => swarmImages(api, query, seen.services));
    return { ...seen, address: this.managers.address, images };
  }

  tasks(app: string): Promise<readonly ObservedTask[]> {
    const now = performance.now();
    const glance = this.#glances.get(app);
    if (glance !== undefined && now - glance.at < GLANCE_MS) return glance.tasks;
    const tasks = this.#call((api) => tasksWith(api, appLabel(app)));
    this.#glances.set(app, { at: now, tasks });
    return tasks;
  }

  nodes(): Promise<readonly ObservedNode[]> {
    return this.#call(async (api) => observedNodes(await api.nodes()));
  }

  service(name: string): Promise<ObservedService | undefined> {
    return this.#call(async (api) => {
      try {
        return observedService(await api.service(name));
      } catch (error) {
        if (statusOf(error) === 404) return undefined;
        throw error;
      }
    });
  }

  async create(spec: ServiceSpec, registryAuth: readonly RegistryAuth[]): Promise<readonly string[]> {
    const { credentials, warnings } = await this.#authFor(spec, registryAuth);
    await this.#call(async (api) => {
      try {
        await api.createService(spec, credentials);
      } catch (error) {
        // The service is somebody else's, or our own after a lost answer: the caller's next observation tells.
        if (!isNameConflict(error)) throw error;
      }
    });
    this.#glances.clear();
    return warnings;
  }

  async update(
    { id, version }: ObservedService,
    spec: ServiceSpec,
    registryAuth: readonly RegistryAuth[],
  ): Promise<readonly string[]> {
    const { credentials, warnings } = await this.#authFor(spec, registryAuth);
    try {
      await this.#call((api) => api.updateService(id, version, spec, credentials));
    } catch (error) {
      if (!isOutOfSequence(error)) throw error;
      throw new FormationError("OutOfSequence", wordsOf(error), { cause: error });
    }
    this.#glances.clear();
    return warnings;
  }

  credentialsOf(service: string): readonly string[] {
    return wordsOn(this.#given.get(service) ?? {});
  }

  /** Empty credentials rather than none: a service that gets none keeps its former ones. */
  async #authFor({ Name, TaskTemplate }: ServiceSpec, registryAuth: readonly RegistryAuth[]) {
    const image = String(TaskTemplate.ContainerSpec.Image).replace(/@.*$/, "");
    const found = await credentialsFor(image, registryAuth, process.env);
    this.#given.set(Name, found);
    const { credentials = {}, trouble } = found;
    // The nodes pull later, and again wherever a process goes: by then nobody is there to hear of it.
    return { credentials, warnings: trouble === undefined ? [] : [`credentials for ${image}: ${trouble}`] };
  }

  async remove(service: string): Promise<void> {
    await this.#call(async (api) => {
      try {
        await api.removeService(service);
      } catch (error) {
        if (statusOf(error) !== 404) throw error;
      }
    });
    this.#glances.clear();
  }

  async createSecret(name: string, value: string, labels: Readonly<Record<string, string>>): Promise<string> {
    return this.#call(async (api) => {
      try {
        const Data = Buffer.from(value).toString("base64");
        return (await api.createSecret({ Name: name, Labels: labels, Data })).ID;
      } catch (error) {
        if (!isNameConflict(error)) throw error;
        return "";
      }
    });
  }

  secretIds(names: readonly string[]): Promise<ReadonlyMap<string, string>> {
    return this.#call(async (api) => {
      const all = await api.secrets({ name: names });
      return new Map(all.map((one) => [one.Spec.Name, one.ID]));
    });
  }

  removeSecret(name: string): Promise<void> {
    return this.#call(async (api) => {
      try {
        await api.removeSecret(name);
      } catch (error) {
        if (troubleOf(error, api.engine.host) !== undefined) throw error;
      }
    });
  }

  async lastLines(task: string, lines: number): Promise<string> {
    const silence = delay(LOG_TIMEOUT_MS, "", { ref: false });
    const over = AbortSignal.timeout(LOG_TIMEOUT_MS);
    const logs = this.#call(({ engine }) => lastLines(engine, `/tasks/${task}`, lines, over)).catch(() => "");
    return Promise.race([logs, silence]);
  }

  claims(): Promise<readonly Claim[]> {
    return this.#call(claimsOf);
  }

  claim(claim: Claim): Promise<Claim> {
    return this.#call((api) => writeClaim(api, claim));
  }

  unclaim(claim: Pick<Claim, "app" | "generation">): Promise<void> {
    return this.#call((api) => removeClaim(api, claim));
  }

  close(): void {
    this.managers.close();
  }

  async #call<T>(work: (api: SwarmApi) => Promise<T>): Promise<T> {
    try {
      return await this.managers.call(work);
    } catch (error) {
      if (hasCode(error, "HostUnreachable") || refusalOf(error) === undefined) throw error;
      throw new FormationError("EngineRefused", `the Swarm: ${wordsOf(error)}`, { cause: error });
    }
  }
}
