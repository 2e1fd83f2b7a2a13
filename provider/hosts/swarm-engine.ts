import { setTimeout as delay } from "node:timers/promises";
import { FormationError } from "../core/errors";
import { LABEL } from "../core/labels";
import type { RegistryAuth } from "../core/spec";
import {
  mayRun,
  type ObservedNode,
  type ObservedService,
  type ObservedSwarm,
  type ObservedTask,
} from "../core/swarm/observed";
import { pinOf, type ServiceSpec } from "../core/swarm/service";
import { statusOf } from "./engine-errors";
import { lastLines } from "./log-tail";
import { credentialsFor } from "./registry-auth";
import type { Swarm, SwarmQuery } from "./swarm";
import { observedNodes, observedService, observedTask } from "./swarm-answers";
import { swarmImage, type Images } from "./swarm-image";
import { isNameConflict, isOutOfSequence, NotReady, troubleOf, wordsOf } from "./swarm-errors";
import type { Managers } from "./swarm-managers";

/** Looks of those who wait for their tasks within this time are one and the same. */
const GLANCE_MS = 200;
const LOG_TIMEOUT_MS = 5_000;

interface Listed {
  readonly ID: string;
  readonly Spec: { readonly Name: string; readonly Labels?: Readonly<Record<string, string>> };
}

/** A Swarm behind the Engine API of its managers. */
export class SwarmEngine implements Swarm {
  readonly #glances = new Map<string, { readonly at: number; readonly tasks: Promise<readonly ObservedTask[]> }>();

  constructor(readonly managers: Managers) {}

  async observe(query: SwarmQuery): Promise<ObservedSwarm> {
    const seen = await this.#call((docker) => look(docker, query));
    const image = await this.#call((docker) => swarmImage(docker, query, seen.services));
    return { ...seen, address: this.managers.address, ...(image === undefined ? {} : { image }) };
  }

  tasks(app: string): Promise<readonly ObservedTask[]> {
    const now = performance.now();
    const glance = this.#glances.get(app);
    if (glance !== undefined && now - glance.at < GLANCE_MS) return glance.tasks;
    const tasks = this.#call((docker) => tasksOf(docker, app));
    this.#glances.set(app, { at: now, tasks });
    return tasks;
  }

  nodes(): Promise<readonly ObservedNode[]> {
    return this.#call(async (docker) => observedNodes(await docker.listNodes()));
  }

  service(name: string): Promise<ObservedService | undefined> {
    return this.#call(async (docker) => {
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
    return this.#call(async (docker) => {
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

  close(): void {
    this.managers.close();
  }

  async #call<T>(work: (docker: Api) => Promise<T>): Promise<T> {
    try {
      return await this.managers.call((docker) => work(docker as unknown as Api));
    } catch (error) {
      if (error instanceof FormationError) throw error;
      throw new FormationError("EngineRefused", `the Swarm: ${wordsOf(error)}`, { cause: error });
    }
  }
}

/** What we use of dockerode, whose types know little of Swarms. */
interface Api extends Images {
  swarmInspect(): Promise<{ readonly ID: string }>;
  listServices(options: Filtered): Promise<Listed[]>;
  listTasks(options: Filtered): Promise<unknown[]>;
  listNodes(): Promise<
    {
      readonly ID: string;
      readonly Status: { readonly State: string };
      readonly Description: { readonly Hostname: string };
    }[]
  >;
  listSecrets(options: Filtered): Promise<Listed[]>;
  listNetworks(options: Filtered): Promise<{ readonly Id: string; readonly Name: string; readonly Scope: string }[]>;
  createService(auth: unknown, spec: object): Promise<unknown>;
  createSecret(secret: object): Promise<{ readonly id: string }>;
  getService(id: string): {
    inspect(): Promise<unknown>;
    update(auth: unknown, change: object): Promise<unknown>;
    remove(): Promise<unknown>;
  };
  getTask(id: string): Parameters<typeof lastLines>[0];
  getSecret(id: string): { remove(): Promise<unknown> };
}

interface Filtered {
  readonly filters: Readonly<Record<string, readonly string[]>>;
}

async function look(docker: Api, query: SwarmQuery) {
  const labelled = query.apps.map((app) => ({ filters: { label: [`${LABEL.app}=${app}`] } }));
  const [cluster, services, named, tasks, nodes, secrets, networks] = await Promise.all([
    docker.swarmInspect(),
    Promise.all(labelled.map((one) => docker.listServices(one))),
    docker.listServices({ filters: { name: query.apps.map((app) => `${app}_`) } }),
    Promise.all(query.apps.map((app) => tasksOf(docker, app))),
    docker.listNodes(),
    Promise.all(labelled.map((one) => docker.listSecrets(one))),
    query.network === undefined ? [] : docker.listNetworks({ filters: { name: [query.network] } }),
  ]);
  const ours = services.flat();
  const kept = ours.map(observedService);
  refuseUnheard(nodes, [
    ...tasks.flat().flatMap((task) => (mayRun(task) ? (task.node ?? []) : [])),
    ...kept.flatMap(({ spec }) => pinOf(spec) ?? []),
  ]);
  const network = networks.find((one) => one.Name === query.network && one.Scope === "swarm");
  return {
    ...{ cluster: cluster.ID, services: kept, tasks: tasks.flat(), nodes: observedNodes(nodes) },
    secrets: secrets.flat().map((one) => ({ id: one.ID, name: one.Spec.Name })),
    strangers: named.filter((one) => !ours.some(({ ID }) => ID === one.ID)).map((one) => one.Spec.Name),
    ...(network === undefined ? {} : { network: { id: network.Id } }),
  };
}

/** A new leader calls every node unknown until it has heard from it, or has waited long enough to call it down. */
function refuseUnheard(nodes: Awaited<ReturnType<Api["listNodes"]>>, needed: readonly string[]): void {
  const isReady = nodes.some((node) => node.Status.State === "ready");
  const unheard = nodes
    .filter((node) => node.Status.State === "unknown" && (needed.includes(node.ID) || !isReady))
    .map((node) => node.Description.Hostname);
  if (unheard.length > 0) throw new NotReady(`its new leader has not heard from ${unheard.join(", ")} yet`);
}

async function tasksOf(docker: Api, app: string): Promise<ObservedTask[]> {
  return (await docker.listTasks({ filters: { label: [`${LABEL.app}=${app}`] } })).map(observedTask);
}

function authFor(spec: ServiceSpec, registryAuth: readonly RegistryAuth[]) {
  const image = String(spec.TaskTemplate.ContainerSpec.Image).replace(/@.*$/, "");
  return credentialsFor(image, registryAuth, process.env) ?? {};
}
