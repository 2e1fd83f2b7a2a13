import { windowOf } from "../../../../core/guards/connections";
import { digest } from "../../../../core/values/digest";
import { configurationOf, formatConfiguration } from "../../../../core/model/configuration";
import type { Identity } from "../../../../core/model/desired";
import { argumentsOf, environmentOf, KEY_VARIABLE } from "../../../../core/model/environment";
import { entryOf } from "../../../../core/values/entry";
import { compare } from "../../../../core/values/formation";
import { NO_CHECK, nanoseconds } from "../../../../core/model/health-check";
import { identityOf } from "../../../../core/values/identity";
import { LABEL } from "../../../../core/model/labels";
import { secretPath } from "../../../../core/model/secret-files";
import { hostnameOf } from "../../../../core/values/names";
import { withNames, withoutNames } from "../../../../core/inputs/container/networks";
import { optional, type Command, type ProcessType } from "../../../../core/inputs/process-type";
import type { Spec } from "../../../../core/inputs/spec";
import { isKnown, UNKNOWN, type Maybe } from "../../../../core/values/unknown";
import type { SwarmImage } from "../observed";
import { pinnedTo, type Port, type ServiceSpec, type TaskTemplate } from "./service";
import { known, withSettings } from "./settings";

/** Facts of the wanted services that only the Swarm knows. */
export interface SwarmFacts {
  readonly image?: SwarmImage | undefined;
  /** Ids of networks by name. */
  readonly networks?: Readonly<Record<string, string>>;
}

/** A value of `env` that processes get as a file. */
export interface DesiredSecret {
  readonly name: Maybe<string>;
  readonly variable: string;
  readonly value: Maybe<string>;
}

const SLOT = "{{.Task.Slot}}";
const RESTART_DELAY_S = 2;

export function serviceName(app: string, type: string): string {
  return `${app}_${type}`;
}

/** A service's name as a Swarm holds it: no second one may differ in its case alone. */
export function heldName(service: string): string {
  return service.toLowerCase();
}

/**
 * The service of one process type.
 *
 * @param pin the id of the only node that a singleton may run on
 */
export function desiredService(
  spec: Spec,
  type: ProcessType,
  quantity: number,
  identity: Identity,
  context: SwarmFacts,
  pin: string | undefined,
): ServiceSpec {
  const labels = {
    ...ownLabels(spec, type, identity, context),
    [LABEL.singleton]: String(type.singleton),
    [LABEL.configuration]: formatConfiguration(configurationOf(spec, type, 0, identity.key)),
    [LABEL.stopTimeout]: String(type.settings.stopTimeout),
    [LABEL.port]: String(type.port ?? ""),
  };
  const { delay, monitor, order, failureAction } = type.update;
  const parallelism = windowOf(type, quantity);
  const rollout = {
    Parallelism: parallelism,
    Delay: nanoseconds(delay),
    Monitor: Math.max(1, nanoseconds(monitor)),
    MaxFailureRatio: 0,
    Order: order,
  };
  const variables = environmentOf(type.name, type.command, type.port, spec.app, SLOT);
  // A manager may not know the image: a check that it may have is taken away all the same.
  const settings = type.imageCheck ? type.settings : { health: NO_CHECK, ...type.settings };
  const networks = type.networks.map((network) => withNames(network, spec.app, type.name));
  const base = common(spec, { ...type, settings, networks }, identity, context, labels, variables);
  return {
    Name: serviceName(spec.app, type.name),
    // Proxies such as Traefik read the labels of the service, others those of its containers.
    Labels: { ...known(type.settings.labels ?? {}), ...labels },
    TaskTemplate: {
      ...base,
      Resources: {
        ...base.Resources,
        Reservations: { NanoCPUs: type.reserved.cpus, MemoryBytes: type.reserved.memory },
      },
      Placement: {
        ...base.Placement,
        Constraints: [
          ...Object.entries(type.placement).map(([name, value]) => `node.labels.${name}==${value}`),
          ...(pin === undefined ? [] : [pinnedTo(pin)]),
        ].sort(compare),
        Preferences:
          type.spread === undefined
            ? base.Placement.Preferences
            : [{ Spread: { SpreadDescriptor: `node.labels.${type.spread}` } }],
      },
    },
    Mode: { Replicated: { Replicas: quantity } },
    // The Swarm itself never rolls a singleton back: its way back would not wait for a task that still stops.
    UpdateConfig: { ...rollout, FailureAction: type.singleton ? "pause" : failureAction },
    RollbackConfig: { ...rollout, FailureAction: "pause" },
    EndpointSpec: { Ports: portsOf(spec, type, pin) },
  };
}

/** The service of a one-off command, run to its end. */
export function desiredOnce(
  spec: Spec,
  type: string,
  command: Maybe<Command>,
  identity: Identity,
  context: SwarmFacts,
): ServiceSpec {
  const process: Process = {
    name: type,
    image: spec.image,
    ...optional("command", command),
    env: spec.env,
    settings: { health: NO_CHECK, ...spec.settings },
    networks: spec.networks.map(withoutNames),
  };
  const labels = ownLabels(spec, process, identity, context);
  const variables = environmentOf(type, command, undefined, spec.app, 1);
  const base = common(spec, process, identity, context, labels, variables);
  const rollout = { Parallelism: 1, Delay: 0, Monitor: 1, MaxFailureRatio: 0, Order: "stop-first" } as const;
  return {
    Name: serviceName(spec.app, type),
    Labels: labels,
    TaskTemplate: { ...base, RestartPolicy: { ...base.RestartPolicy, Condition: "none" } },
    Mode: { Replicated: { Replicas: 1 } },
    UpdateConfig: { ...rollout, FailureAction: "pause" },
    RollbackConfig: { ...rollout, FailureAction: "pause" },
    EndpointSpec: { Ports: [] },
  };
}

function ownLabels(
  spec: Spec,
  { name, image: reference }: Process,
  identity: Identity,
  { image }: SwarmFacts,
): Record<string, string> {
  return {
    [LABEL.app]: spec.app,
    [LABEL.identity]: identityOf(identity.key),
    [LABEL.owner]: identity.owner,
    [LABEL.type]: name,
    [LABEL.image]: isKnown<string>(reference) ? reference : "?",
    [LABEL.imageId]: image?.id ?? "",
  };
}

/** The part of a process type that a one-off process has, too. */
type Process = Pick<ProcessType, "name" | "image" | "command" | "env" | "settings" | "networks">;

function common(
  spec: Spec,
  { name: type, image: reference, command, env: declared, settings, networks }: Process,
  identity: Identity,
  { image, networks: ids = {} }: SwarmFacts,
  labels: Readonly<Record<string, string>>,
  variables: Readonly<Record<string, string>>,
): ServiceSpec["TaskTemplate"] {
  const files = new Set(spec.secretsAsFiles);
  const given = Object.entries(declared).map(([name, value]): [string, Maybe<string>] =>
    files.has(name) ? [`${name}_FILE`, secretPath(name)] : [name, isKnown<string>(value) ? literal(value) : UNKNOWN],
  );
  const env = new Map<string, Maybe<string>>([...given, ...Object.entries(variables), [KEY_VARIABLE, identity.key]]);
  const template: TaskTemplate = {
    ContainerSpec: {
      Image: image?.pinned ?? reference,
      Labels: labels,
      Args: command === undefined ? [] : argumentsOf(command),
      Env: [...env]
        .sort(([a], [b]) => compare(a, b))
        .map(([name, value]) => (isKnown<string>(value) ? `${name}=${value}` : UNKNOWN)),
      Hostname: hostnameOf(type, SLOT),
      Mounts: [],
      Secrets: secretsOf(spec, declared, identity.key).map(({ name, variable }) => ({
        SecretID: "",
        SecretName: name,
        // Readable by any user that the image runs as, as a variable would be.
        File: { Name: variable, UID: "0", GID: "0", Mode: 0o444 },
      })),
    },
    Resources: {
      Limits: { NanoCPUs: 0, MemoryBytes: 0, Pids: 0 },
      Reservations: { NanoCPUs: 0, MemoryBytes: 0 },
    },
    // No bound on attempts: after a bad hour no process would be left.
    RestartPolicy: { Condition: "any", Delay: nanoseconds(RESTART_DELAY_S), MaxAttempts: 0 },
    Placement: { Constraints: [], Preferences: [] },
    Networks: networks.map(({ name, aliases }) => ({
      Target: (isKnown<string>(name) ? entryOf(ids, name) : undefined) ?? name,
      ...(aliases.length === 0 ? {} : { Aliases: aliases }),
    })),
    LogDriver: { Name: "", Options: {} },
    ForceUpdate: 0,
  };
  return withSettings(template, settings);
}

/** Secrets never change: another value is another secret, whose name tells nobody the value. */
export function desiredSecrets(spec: Spec, key: string): DesiredSecret[] {
  const all = [spec.env, ...spec.types.map(({ env }) => env)].flatMap((env) => secretsOf(spec, env, key));
  return all.filter(({ name }, at) => all.findIndex((other) => other.name === name) === at);
}

function secretsOf(spec: Spec, env: Spec["env"], key: string): DesiredSecret[] {
  return spec.secretsAsFiles.flatMap((variable) => {
    const value = entryOf(env, variable);
    if (value === undefined) return [];
    const name = isKnown<string>(value) ? `${spec.app}_${digest([variable, value], key)}` : UNKNOWN;
    return [{ name, variable, value }];
  });
}

/** Escapes double braces, which the engine takes for a template. */
function literal(value: string): string {
  return value.replaceAll("{{", '{{"{{"}}');
}

/**
 * The ports that a service publishes. A port that only one process of a node can have keeps a pinned singleton from
 * running twice there: after its node was cut off, a Swarm starts the new process while the old one still stops.
 */
function portsOf(spec: Spec, type: ProcessType, pin: string | undefined): Port[] {
  const { port, bind, publishMode } = type;
  const published: Port[] =
    port === undefined || (bind.address !== "0.0.0.0" && bind.address !== "::")
      ? []
      : [{ Protocol: "tcp", TargetPort: port, PublishedPort: bind.port ?? 0, PublishMode: publishMode }];
  const holds = published.some((one) => one.PublishMode === "host" && one.PublishedPort !== 0);
  const mutex = mutexPort(spec.app, type.name);
  return pin === undefined || holds
    ? published
    : [...published, { Protocol: "tcp", TargetPort: mutex, PublishedPort: mutex, PublishMode: "host" }];
}

/** Ports below those that processes on Docker hosts are given. */
const FIRST_MUTEX = 10_000;
const MUTEXES = 10_000;

function mutexPort(app: string, type: string): number {
  return FIRST_MUTEX + (Number.parseInt(digest([app, type], "port").slice(0, 8), 16) % MUTEXES);
}
