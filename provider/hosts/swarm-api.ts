import type { lastLines } from "./log-tail";
import type { Images } from "./swarm-image";

interface Listed {
  readonly ID: string;
  readonly Spec: { readonly Name: string; readonly Labels?: Readonly<Record<string, string>> | null };
}

/** The calls of dockerode that are used here; its types know little of Swarms. */
export interface Api extends Images {
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
  listConfigs(options: Filtered): Promise<Listed[]>;
  listNetworks(options: Filtered): Promise<{ readonly Id: string; readonly Name: string; readonly Scope: string }[]>;
  createService(auth: unknown, spec: object): Promise<unknown>;
  createSecret(secret: object): Promise<{ readonly id: string }>;
  createConfig(config: object): Promise<unknown>;
  getService(id: string): {
    inspect(): Promise<unknown>;
    update(auth: unknown, change: object): Promise<unknown>;
    remove(): Promise<unknown>;
  };
  getTask(id: string): Parameters<typeof lastLines>[0];
  getSecret(id: string): { remove(): Promise<unknown> };
  getConfig(id: string): { inspect(): Promise<Listed>; remove(): Promise<unknown> };
}

interface Filtered {
  readonly filters: Readonly<Record<string, readonly string[]>>;
}
