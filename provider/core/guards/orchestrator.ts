import type { Inputs } from "../inputs/inputs";
import { processTypeOf } from "../values/names";
import type { ContainerInputs } from "../inputs/container/container-inputs";
import type { Setting } from "../inputs/container/container-settings";
import type { Orchestrator } from "../inputs/traits";

// Refuses inputs that make sense with another orchestrator only, so that none is left out silently.

/** Faults of the inputs that the chosen orchestrator cannot follow, with what to do instead. */
export function orchestratorFaults(given: Inputs): string[] {
  return [...FAULTS[given.orchestrator ?? "docker"](given), ...fileFaults(given)];
}

const FAULTS: Readonly<Record<Orchestrator, (given: Inputs) => string[]>> = {
  docker: dockerFaults,
  swarm: swarmFaults,
};

/** Settings of a container that an orchestrator does not know, with what to do instead. */
export const LACKING = {
  docker: {},
  swarm: {
    shmSize: 'mount memory there: tmpfs: ["/dev/shm:size=256m"]',
    devices: "run the type on Docker hosts",
    gpus: "run the type on Docker hosts",
  },
} as const satisfies Readonly<Record<Orchestrator, Partial<Readonly<Record<Setting, string>>>>>;

const SWARM_ONLY = "needs orchestrator: swarm: set it, or leave this out";

function dockerFaults(given: Inputs): string[] {
  return [
    ...(given.abandonedNodes === undefined ? [] : ["abandonedNodes"]),
    ...Object.entries(given.processes ?? {}).flatMap(([type, own]) => [
      ...(own.publishMode === undefined ? [] : [`processes.${type}.publishMode`]),
      ...(own.placement?.spread === undefined ? [] : [`processes.${type}.placement.spread`]),
      ...(own.singleton === "failover" ? [`processes.${type}.singleton "failover"`] : []),
    ]),
  ].map((path) => `${path} ${SWARM_ONLY}`);
}

/** Properties of one host in particular, with what to use on a Swarm instead. */
const HOST_WORDS: Readonly<Record<string, string>> = {
  labels: "label the node itself: docker node update --label-add",
  maxProcesses: "use processes.<type>.reservation",
  abandoned: "name the node in abandonedNodes",
};

function swarmFaults(given: Inputs): string[] {
  const faults: string[] = [];
  const refuse = (path: string, instead: string) =>
    faults.push(`${path} has no meaning on a Swarm: leave it out, and ${instead}`);
  if (given.rebalance !== undefined)
    refuse("rebalance", "change restartedAt of a type: Swarm places its processes anew");
  if (given.pull !== undefined) refuse("pull", "each node pulls the image when it needs it");
  for (const name of Object.keys(given.restartedAt ?? {}).filter((one) => one !== processTypeOf(one)))
    refuse(`restartedAt.${name}`, `restart the whole type: restartedAt.${processTypeOf(name)}`);
  for (const [at, host] of (given.hosts ?? []).entries())
    for (const word of Object.keys(host).filter((key) => key in HOST_WORDS))
      refuse(`hosts.${at}.${word}`, HOST_WORDS[word] ?? "");
  for (const [root, settings] of settingsBy(given)) {
    for (const [name, instead] of Object.entries(LACKING.swarm))
      if (settings[name as keyof typeof LACKING.swarm] !== undefined) refuse(`${root}${name}`, instead);
    if (Object.values(settings.extraHosts ?? {}).includes("host-gateway"))
      refuse(`${root}extraHosts "host-gateway"`, "name an address");
  }
  for (const [type, own] of Object.entries(given.processes ?? {})) {
    if (own.health?.path !== undefined)
      refuse(`processes.${type}.health.path`, `let the Swarm itself check: processes.${type}.health.test`);
    const { bind } = own;
    if (bind !== undefined && !/^(0\.0\.0\.0|\[?::\]?)(:\d+)?$/.test(bind))
      refuse(
        `processes.${type}.bind ${JSON.stringify(bind)}`,
        'a Swarm publishes on every address of a node: give "0.0.0.0" or "0.0.0.0:<port>"',
      );
    if (own.publishMode !== undefined && bind === undefined)
      faults.push(
        `processes.${type}.publishMode has nothing to publish: give processes.${type}.bind too, such as "0.0.0.0:8080"`,
      );
  }
  return faults;
}

/** Faults of variables that processes are to get as files. */
function fileFaults(given: Inputs): string[] {
  const faults: string[] = [];
  for (const name of given.secretsAsFiles ?? []) {
    if (!settingsBy(given).some(([, { env = {} }]) => Object.hasOwn(env, name)))
      faults.push(`secretsAsFiles names ${name}, which env does not have: add it there`);
    for (const [root] of settingsBy(given).filter(([, { env = {} }]) => Object.hasOwn(env, `${name}_FILE`)))
      faults.push(`${root}env.${name}_FILE is set by secretsAsFiles, to the path of the file: leave it out`);
  }
  return faults;
}

type Settings = ContainerInputs & Pick<Inputs, "env">;

/** The settings of the app and of each type, with the path of their inputs. */
export function settingsBy(given: Inputs): (readonly [root: string, settings: Settings])[] {
  const types = Object.entries(given.processes ?? {}).map(([type, own]) => [`processes.${type}.`, own] as const);
  return [["", given], ...types];
}
