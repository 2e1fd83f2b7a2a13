import type { RegistryAuth } from "../../../core/inputs/spec";
import { inspectImage, type ImageAnswer } from "../../../engine/image";
import { query, type EngineHttp } from "../../../engine/client";
import { registryHeaders, type Credentials } from "../../../engine/registry/registry-auth";
import { digestIn } from "../../../engine/registry/registry-digest";

/** Ends a call to a manager that is frozen or cut off from the others: it may never answer. */
const CALL_TIMEOUT_MS = 10_000;
const REGISTRY_TIMEOUT_MS = 5_000;

export interface Listed {
  readonly ID: string;
  readonly Spec: { readonly Name: string; readonly Labels?: Readonly<Record<string, string>> | null };
}

export interface ListedNode {
  readonly ID: string;
  readonly Status: { readonly State: string };
  readonly Description: { readonly Hostname: string };
}

interface ListedNetwork {
  readonly Id: string;
  readonly Name: string;
  readonly Scope: string;
}

type Filters = Readonly<Record<string, readonly string[]>>;

/** The calls to one manager. */
export class SwarmApi {
  constructor(readonly engine: EngineHttp) {}

  swarm(): Promise<{ readonly ID: string }> {
    return this.#get("/swarm");
  }

  services(filters: Filters): Promise<readonly Listed[]> {
    return this.#get(`/services${query({ filters })}`);
  }

  service(id: string): Promise<unknown> {
    return this.#get(`/services/${id}`);
  }

  createService(spec: object, credentials: Credentials): Promise<unknown> {
    return this.#create("/services/create", spec, registryHeaders(credentials));
  }

  updateService(id: string, version: number, spec: object, credentials: Credentials): Promise<unknown> {
    return this.#create(`/services/${id}/update${query({ version })}`, spec, registryHeaders(credentials));
  }

  removeService(id: string): Promise<void> {
    return this.#remove(`/services/${id}`);
  }

  tasks(filters: Filters): Promise<readonly unknown[]> {
    return this.#get(`/tasks${query({ filters })}`);
  }

  image(reference: string): Promise<ImageAnswer | undefined> {
    return inspectImage((path) => this.#get(path), reference);
  }

  /** The digest that a reference has in its registry. */
  digest(reference: string, registryAuth: readonly RegistryAuth[]): Promise<string> {
    return digestIn(this.engine, reference, registryAuth, REGISTRY_TIMEOUT_MS);
  }

  nodes(): Promise<readonly ListedNode[]> {
    return this.#get("/nodes");
  }

  networks(filters: Filters): Promise<readonly ListedNetwork[]> {
    return this.#get(`/networks${query({ filters })}`);
  }

  secrets(filters: Filters): Promise<readonly Listed[]> {
    return this.#get(`/secrets${query({ filters })}`);
  }

  createSecret(secret: object): Promise<{ readonly ID: string }> {
    return this.#create("/secrets/create", secret);
  }

  removeSecret(name: string): Promise<void> {
    return this.#remove(`/secrets/${name}`);
  }

  configs(filters: Filters): Promise<readonly Listed[]> {
    return this.#get(`/configs${query({ filters })}`);
  }

  config(name: string): Promise<Listed> {
    return this.#get(`/configs/${name}`);
  }

  createConfig(config: object): Promise<unknown> {
    return this.#create("/configs/create", config);
  }

  removeConfig(name: string): Promise<void> {
    return this.#remove(`/configs/${name}`);
  }

  #get<T>(path: string): Promise<T> {
    return this.engine.get<T>(path, CALL_TIMEOUT_MS);
  }

  #create<T>(path: string, body: object, headers: Readonly<Record<string, string>> = {}): Promise<T> {
    return this.engine.act<T>("POST", path, { body, headers, timeoutMs: CALL_TIMEOUT_MS });
  }

  #remove(path: string): Promise<void> {
    return this.engine.act("DELETE", path, { timeoutMs: CALL_TIMEOUT_MS });
  }
}
