import { argumentsOf, environmentOf, KEY_VARIABLE } from "./environment";
import { configurationOf, formatConfiguration } from "./configuration";
import { containerName, processName } from "./names";
import type { ProcessType, Spec } from "./spec";
import type { Maybe } from "./unknown";
import type { Bytes, NanoCpus, Seconds } from "./units";

/** A container as it is to be made: plain data that a host turns into its engine's words. */
export interface DesiredInstance {
  readonly app: string;
  readonly owner: string;
  readonly type: string;
  readonly index: number;
  readonly singleton: boolean;
  readonly name: string;
  readonly hostname: string;
  readonly image: Maybe<string>;
  readonly configuration: string;
  readonly shell: boolean;
  readonly arguments: readonly string[];
  readonly env: Readonly<Record<string, Maybe<string>>>;
  readonly network?: Maybe<string>;
  readonly cpus?: NanoCpus;
  readonly memory?: Bytes;
  readonly stopTimeout: Seconds;
  readonly publish?: Publication;
}

/** Where a port goes; the first of `hostPorts` that is free on the host is taken. */
interface Publication {
  readonly port: number;
  readonly address: string;
  readonly hostPorts: readonly number[];
}

/** Who the formation is: `owner` is `project/stack`, `key` is the secret of its digests. */
export interface Identity {
  readonly owner: string;
  readonly key: string;
}

export function desiredInstance(
  spec: Spec,
  type: ProcessType,
  index: number,
  identity: Identity,
  hostPorts: readonly number[],
): DesiredInstance {
  return {
    app: spec.app,
    owner: identity.owner,
    type: type.name,
    index,
    singleton: type.singleton,
    name: containerName(spec.app, type.name, index),
    hostname: processName(type.name, index),
    image: spec.image,
    configuration: formatConfiguration(configurationOf(spec, type, identity.key)),
    shell: typeof type.command === "string",
    arguments: argumentsOf(type.command),
    env: { ...spec.env, ...environmentOf(type, spec.app, index), [KEY_VARIABLE]: identity.key },
    ...(spec.network === undefined ? {} : { network: spec.network }),
    ...(type.cpus === undefined ? {} : { cpus: type.cpus }),
    ...(type.memory === undefined ? {} : { memory: type.memory }),
    stopTimeout: type.stopTimeout,
    ...(type.port === undefined ? {} : { publish: { port: type.port, address: type.bind.address, hostPorts } }),
  };
}
