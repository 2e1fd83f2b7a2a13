import { overlaps } from "../values/addresses";
import { entryOf } from "../values/entry";
import { engineNetworkFaults } from "./networks";
import { settingsBy } from "./orchestrator";
import type { Inputs } from "../inputs/inputs";
import { hostnameOf } from "../values/names";
import type { ProcessType } from "../inputs/process-type";
import type { Orchestrator } from "../inputs/traits";
import { UNKNOWN, type Maybe } from "../values/unknown";

// Limits of engines that can be judged without one: at `up` they would be hit in the middle of the work.

/** Linux's limit of a host name; a container has its process's name for one. */
const LONGEST_HOSTNAME = 64;
const LONGEST_SERVICE_NAME = 63;

/** Faults of inputs that the engine would refuse, whatever the quantities are. */
export function engineFaults(given: Inputs, app: string, types: readonly ProcessType[]): string[] {
  return LIMITS[given.orchestrator ?? "docker"](given, app, types);
}

type Limits = (given: Inputs, app: string, types: readonly ProcessType[]) => string[];

const LIMITS: Readonly<Record<Orchestrator, Limits>> = {
  docker: (given, _app, types) => engineNetworkFaults(given, types),
  swarm: (given, app, types) => [...serviceNameFaults(app, types), ...emptySecretFaults(given)],
};

function serviceNameFaults(app: string, types: readonly ProcessType[]): string[] {
  return types
    .map(({ name }) => [name, `${app}_${name}`] as const)
    .filter(([, service]) => service.length > LONGEST_SERVICE_NAME)
    .map(
      ([type, service]) =>
        `processes.${type} makes a Swarm service ${service} of ${service.length} characters, at most ${LONGEST_SERVICE_NAME} are allowed: give the app or the type a shorter name`,
    );
}

function emptySecretFaults(given: Inputs): string[] {
  const { secretsAsFiles = [] } = given;
  return settingsBy(given).flatMap(([root, { env }]) =>
    secretsAsFiles
      .filter((name) => entryOf(env, name) === "")
      .map((name) => `${root}env.${name} is empty, and a Swarm has no empty secrets: take it out of secretsAsFiles`),
  );
}

/** Faults of a type whose last process would have too long a name. */
export function hostnameFaults({ name }: ProcessType, quantity: number): string[] {
  const last = hostnameOf(name, quantity);
  if (quantity === 0 || last.length <= LONGEST_HOSTNAME) return [];
  return [
    `processes.${name}: the host name ${last} has ${last.length} characters, at most ${LONGEST_HOSTNAME} are allowed: give the type a shorter name`,
  ];
}

/** Faults of types that fix one host port and have more processes together than there are hosts. */
export function sharedPortFaults(
  types: readonly ProcessType[],
  formation: Readonly<Record<string, Maybe<number>>>,
  hosts: number,
): string[] {
  const fixed = types.filter(({ name, bind }) => bind.port !== undefined && hasSome(formation[name]));
  return fixed.flatMap((type, at) => {
    const earlier = fixed.slice(0, at).filter((other) => overlaps(type.bind, other.bind));
    const sum = [...earlier, type].reduce((total, { name }) => total + Number(formation[name]), 0);
    const [first] = earlier;
    const meshed = type.publishMode === "ingress" && earlier.find(({ publishMode }) => publishMode === "ingress");
    if (meshed)
      return [
        `processes.${type.name}.bind fixes port ${type.bind.port}, as processes.${meshed.name}.bind does, which a Swarm's routing mesh gives to one type only: give another port`,
      ];
    if (first === undefined || sum <= hosts) return [];
    return [
      `processes.${type.name}.bind fixes host port ${type.bind.port}, as processes.${first.name}.bind does, which only one process can have on a host, but there are ${sum} on ${hosts === 1 ? "one host" : `${hosts} hosts`}: give another port, or scale one of them to 0`,
    ];
  });
}

function hasSome(quantity: Maybe<number> | undefined): boolean {
  return quantity !== undefined && quantity !== UNKNOWN && quantity > 0;
}
