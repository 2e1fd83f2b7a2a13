import { argumentsOf, environmentOf, KEY_VARIABLE } from "./environment";
import { splitFiles, type SecretFiles } from "./secret-files";
import { identityOf } from "../values/identity";
import { containerName, hostnameOf } from "../values/names";
import type { ContainerSettings } from "../inputs/container/container-settings";
import { withNames, withoutNames, type Network } from "../inputs/container/networks";
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
  readonly files?: SecretFiles;
  /** With all names that the process has there. */
  readonly networks: readonly Network[];
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
  const { env: own, files } = splitFiles(type.env, spec.secretsAsFiles, identity.key);
  const shared: Omit<DesiredInstance, "env" | "configuration"> = {
    ...common(spec, typeName, 0, identity),
    image: type.image,
    ...optional("files", files),
    singleton: type.singleton,
    ...optional("arguments", command === undefined ? undefined : argumentsOf(command)),
    settings: type.settings,
    networks: type.networks.map((network) => withNames(network, spec.app, typeName)),
    restart: true,
  };
  const env = { ...own, ...environmentOf(typeName, command, port, spec.app, 0), [KEY_VARIABLE]: identity.key };
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
  const { env, files } = splitFiles(spec.env, spec.secretsAsFiles, identity.key);
  return {
    ...common(spec, type, index, identity),
    ...optional("files", files),
    singleton: false,
    configuration: "",
    arguments: argumentsOf(command),
    env: {
      ...env,
      ...environmentOf(type, command, undefined, spec.app, index),
      [KEY_VARIABLE]: identity.key,
    },
    settings: spec.settings,
    networks: spec.networks.map(withoutNames),
    restart: false,
  };
}

function common(
  spec: Spec,
  type: string,
  index: number,
  identity: Identity,
): Pick<DesiredInstance, "app" | "identity" | "owner" | "type" | "index" | "name" | "hostname" | "image"> {
  return {
    app: spec.app,
    identity: identityOf(identity.key),
    owner: identity.owner,
    type,
    index,
    name: containerName(spec.app, type, index),
    hostname: hostnameOf(type, index),
    image: spec.image,
  };
}
