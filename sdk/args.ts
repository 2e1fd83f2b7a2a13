import type * as pulumi from "@pulumi/pulumi";
import type { Inputs } from "../provider/core/inputs/inputs";
import type { Unknown } from "../provider/core/values/unknown";

type Known<T> = T extends Unknown ? never : T extends object ? { [K in keyof T]: Known<T[K]> } : T;
type Deep<T> = { [K in keyof T]: pulumi.Input<Known<T[K]>> };

type ProcessInputs = NonNullable<Inputs["processes"]>[string];
type Health = NonNullable<ProcessInputs["health"]>;

/** Names of networks, or aliases by name; names may be outputs, such as that of a network of @pulumi/docker. */
export type NetworksArgs = pulumi.Input<
  pulumi.Input<string>[] | Record<string, { readonly aliases?: pulumi.Input<string>[] }>
>;

export type ProcessArgs = Known<Omit<ProcessInputs, "health" | "networks">> & {
  readonly networks?: NetworksArgs;
  /** Values of headers may be outputs, and secret. */
  readonly health?: Known<Omit<Health, "headers">> & {
    readonly headers?: pulumi.Input<Record<string, pulumi.Input<string>>>;
  };
};
export type HostArgs = Deep<NonNullable<Inputs["hosts"]>[number]>;
export type RegistryArgs = Deep<NonNullable<Inputs["registryAuth"]>[number]>;

/** Inputs as in schema.json, and the paths of files that can hold some of them. */
export type FormationArgs = Omit<
  Deep<Inputs>,
  "app" | "env" | "hosts" | "networks" | "processes" | "registryAuth" | "scale"
> & {
  readonly app?: string;
  readonly processes?: pulumi.Input<Record<string, ProcessArgs>>;
  /** Values may be secret. */
  readonly env?: pulumi.Input<Record<string, pulumi.Input<string>>>;
  readonly networks?: NetworksArgs;
  /** Hosts; their certificates and keys become secret. */
  readonly hosts?: pulumi.Input<pulumi.Input<HostArgs>[]>;
  /** Credentials become secret. */
  readonly registryAuth?: pulumi.Input<pulumi.Input<RegistryArgs>[]>;
  readonly scale?: pulumi.Input<Record<string, pulumi.Input<number>>>;
  /** Path of a Procfile, from the program's folder, such as `../Procfile`; read when the program runs. */
  readonly procfilePath?: string;
  /** Path of an app.json, from the program's folder, such as `../app.json`; read when the program runs. */
  readonly appJsonPath?: string;
};
