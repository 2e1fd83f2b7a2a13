import { setTimeout as delay } from "node:timers/promises";
import { FormationError } from "../core/errors";
import type { RegistryAuth } from "../core/spec";
import type { Claim } from "../core/claim";
import type { ObservedNode, ObservedService, ObservedSwarm, ObservedTask } from "../core/swarm/observed";
import type { ServiceSpec } from "../core/swarm/service";
import { statusOf } from "./engine-errors";
import { lastLines } from "./log-tail";
import { credentialsFor } from "./registry-auth";
import type { Swarm, SwarmQuery } from "./swarm";
import { observedNodes, observedService } from "./swarm-answers";
import type { Api } from "./swarm-api";
import { claimsOf, removeClaim, writeClaim } from "./swarm-claims";
import { isNameConflict, isOutOfSequence, troubleOf, wordsOf } from "./swarm-errors";
import { appLabel, lookAtSwarm, tasksWith } from "./swarm-look";
import { swarmImage } from "./swarm-image";
import type { Managers } from "./swarm-managers";

/** Looks of those who wait for their tasks within this time are one and the same. */
const GLANCE_MS = 200;
const LOG_TIMEOUT_MS = 5_000;

/** A Swarm behind the Engine API of its managers. */
export class SwarmEngine implements Swarm {
  readonly #glances = new Map<string, { readonly at: number; readonly tasks: Promise<readonly ObservedTask[]> }>();

  constructor(readonly managers: Managers) {}

  async observe(query: SwarmQuery): Promise<ObservedSwarm> {
    const seen = await this.#look((docker) => lookAtSwarm(docker, query));
    const image = await this.#look((docker) => swarmImage(docker, query, seen.services));
    return { ...seen, address: this.managers.address, ...(image === undefined ? {} : { image }) };
  }

  tasks(app: string): Promise<readonly ObservedTask[]> {
    const now = performance.now();
    const glance = this.#glances.get(app);
    if (glance !== undefined && now - glance.at < GLANCE_MS) return glance.tasks;
    const tasks = this.#look((docker) => tasksWith(docker, appLabel(app)));
    this.#glances.set(app, { at: now, tasks });
    return tasks;
  }

  nodes(): Promise<readonly ObservedNode[]> {
    return this.#look(async (docker) => observedNodes(await docker.listNodes()));
  }

  service(name: string): Promise<ObservedService | undefined> {
    return this.#look(async (docker) => {
      try {
        return observedService(await docker.getService(name).inspect());
      } catch (error) {
        if (statusOf(error) === 404) return undefined;
        throw error;
      }
    });
  }

  async create(spec: ServiceSpec, registryAuth: readonly RegistryAuth[]): Promise<void> {
    await this.#call(async (docker) => {
      try {
        await docker.createService(authFor(spec, registryAuth), spec);
      } catch (error) {
        // Somebody else's, or our own whose answer was lost: whoever asked looks again.
        if (!isNameConflict(error)) throw error;
      }
    });
    this.#glances.clear();
  }

  async update(service: ObservedService, spec: ServiceSpec, registryAuth: readonly RegistryAuth[]): Promise<void> {
    await this.#call(async (docker) => {
      try {
        const change = { _query: { version: service.version }, _body: spec };
        await docker.getService(service.id).update(authFor(spec, registryAuth), change);
      } catch (error) {
        if (!isOutOfSequence(error)) throw error;
        throw new FormationError("OutOfSequence", wordsOf(error), { cause: error });
      }
    });
    this.#glances.clear();
  }

  async remove(service: string): Promise<void> {
    await this.#call(async (docker) => {
      try {
        await docker.getService(service).remove();
      } catch (error) {
        if (statusOf(error) !== 404) throw error;
      }
    });
    this.#glances.clear();
  }

  async createSecret(name: string, value: string, labels: Readonly<Record<string, string>>): Promise<string> {
    return this.#call(async (docker) => {
      try {
        const Data = Buffer.from(value).toString("base64");
        return (await docker.createSecret({ Name: name, Labels: labels, Data })).id;
      } catch (error) {
        if (!isNameConflict(error)) throw error;
        return "";
      }
    });
  }

  secretIds(names: readonly string[]): Promise<ReadonlyMap<string, string>> {
    return this.#look(async (docker) => {
      const all = await docker.listSecrets({ filters: { name: names } });
      return new Map(all.map((one) => [one.Spec.Name, one.ID]));
    });
  }

  removeSecret(name: string): Promise<void> {
    return this.#call(async (docker) => {
      try {
        await docker.getSecret(name).remove();
      } catch (error) {
        if (troubleOf(error) !== undefined) throw error;
      }
    });
  }

  async lastLines(task: string, lines: number): Promise<string> {
    const silence = delay(LOG_TIMEOUT_MS, "", { ref: false });
    const logs = this.#call((docker) => lastLines(docker.getTask(task), lines)).catch(() => "");
    return Promise.race([logs, silence]);
  }

  claims(): Promise<readonly Claim[]> {
    return this.#look(claimsOf);
  }

  claim(claim: Claim): Promise<Claim> {
    return this.#call((docker) => writeClaim(docker, claim));
  }

  unclaim(claim: Pick<Claim, "app" | "generation">): Promise<void> {
    return this.#call((docker) => removeClaim(docker, claim));
  }

  close(): void {
    this.managers.close();
  }

  #look<T>(work: (docker: Api) => Promise<T>): Promise<T> {
    return this.#call(work, true);
  }

  async #call<T>(work: (docker: Api) => Promise<T>, isLook = false): Promise<T> {
    try {
      return await this.managers.call((docker) => work(docker as unknown as Api), isLook);
    } catch (error) {
      if (error instanceof FormationError) throw error;
      throw new FormationError("EngineRefused", `the Swarm: ${wordsOf(error)}`, { cause: error });
    }
  }
}

function authFor(spec: ServiceSpec, registryAuth: readonly RegistryAuth[]) {
  const image = String(spec.TaskTemplate.ContainerSpec.Image).replace(/@.*$/, "");
  return credentialsFor(image, registryAuth, process.env) ?? {};
}
