import { argumentsOf, environmentOf, KEY_VARIABLE } from "./environment";
import { identityOf } from "../values/identity";
import { containerName, hostnameOf } from "../values/names";
import type { ContainerSettings } from "../inputs/container-settings";
import { optional, type Command, type ProcessType } from "../inputs/process-type";
import type { Spec } from "../inputs/spec";
import type { Maybe } from "../values/unknown";

/** A container as it is to be made: plain data that a host turns into its engine's words. */
export interface DesiredInstance {
  readonly app: string;
  readonly identity: string;
  readonly owner: string;
  readonly type: string;
  readonly index: number;
  readonly singleton: boolean;
  readonly name: string;
  readonly hostname: string;
  readonly image: Maybe<string>;
  readonly configuration: string;
  /** Absent for the image's own command. */
  readonly arguments?: readonly string[];
  readonly env: Readonly<Record<string, Maybe<string>>>;
  readonly network?: Maybe<string>;
  readonly settings: ContainerSettings;
  readonly publish?: Publication;
  /** True when the engine starts the container again whenever it ends. */
  readonly restart: boolean;
}

/** A port to publish; the first of `hostPorts` that is free on the host is taken. */
interface Publication {
  readonly port: number;
  readonly address: string;
  readonly hostPorts: readonly number[];
}

/** The formation's owner, `project/stack`, and the secret key of its digests. */
export interface Identity {
  readonly owner: string;
  readonly key: string;
}

/**
 * @returns a function that makes one process of a type; everything that does not depend on its number is worked out
 * once
 */
export function desiredInstances(
  spec: Spec,
  type: ProcessType,
  identity: Identity,
): (index: number, configuration: string, hostPorts: readonly number[]) => DesiredInstance {
  const { name: typeName, command, port, bind } = type;
  const shared = {
    ...common(spec, typeName, 0, identity),
    singleton: type.singleton,
    ...optional("arguments", command === undefined ? undefined : argumentsOf(command)),
    settings: type.settings,
    restart: true,
  };
  const env = { ...type.env, ...environmentOf(typeName, command, port, spec.app, 0), [KEY_VARIABLE]: identity.key };
  return (index, configuration, hostPorts) => ({
    ...shared,
    index,
    name: containerName(spec.app, typeName, index),
    hostname: hostnameOf(typeName, index),
    configuration,
    env: { ...env, ...environmentOf(typeName, command, port, spec.app, index) },
    ...optional("publish", port === undefined ? undefined : { port, address: bind.address, hostPorts }),
  });
}

/** A one-off process, run to its end with the app's image, env and network: `release.1`, `run.1`. */
export function desiredOneOff(
  spec: Spec,
  type: string,
  index: number,
  command: Maybe<Command>,
  identity: Identity,
): DesiredInstance {
  return {
    ...common(spec, type, index, identity),
    singleton: false,
    configuration: "",
    arguments: argumentsOf(command),
    env: {
      ...spec.env,
      ...environmentOf(type, command, undefined, spec.app, index),
      [KEY_VARIABLE]: identity.key,
    },
    settings: spec.settings,
    restart: false,
  };
}

function common(
  spec: Spec,
  type: string,
  index: number,
  identity: Identity,
): Pick<DesiredInstance, "app" | "identity" | "owner" | "type" | "index" | "name" | "hostname" | "image" | "network"> {
  return {
    app: spec.app,
    identity: identityOf(identity.key),
    owner: identity.owner,
    type,
    index,
    name: containerName(spec.app, type, index),
    hostname: hostnameOf(type, index),
    image: spec.image,
    ...optional("network", spec.network),
  };
}
