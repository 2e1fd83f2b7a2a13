import { LABEL } from "../core/labels";
import { mayRun, type ObservedTask } from "../core/swarm/observed";
import { pinOf } from "../core/swarm/service";
import { claimsOf } from "./swarm-claims";
import type { SwarmQuery } from "./swarm";
import { observedNodes, observedService, observedTask } from "./swarm-answers";
import type { Api } from "./swarm-api";
import { NotReady } from "./swarm-errors";

/** One look: what has a label of one of the app's names, or of the formation's identity, whatever it is called. */
export async function lookAtSwarm(docker: Api, query: SwarmQuery) {
  const labels = [
    ...query.apps.map(appLabel),
    ...(query.identity === undefined ? [] : [`${LABEL.identity}=${query.identity}`]),
  ];
  const labelled = labels.map((label) => ({ filters: { label: [label] } }));
  const [cluster, services, named, tasks, nodes, secrets, claims, networks] = await Promise.all([
    docker.swarmInspect(),
    Promise.all(labelled.map((one) => docker.listServices(one))),
    docker.listServices({ filters: { name: query.apps.map((app) => `${app}_`) } }),
    Promise.all(labels.map((label) => tasksWith(docker, label))),
    docker.listNodes(),
    Promise.all(labelled.map((one) => docker.listSecrets(one))),
    claimsOf(docker),
    query.network === undefined ? [] : docker.listNetworks({ filters: { name: [query.network] } }),
  ]);
  const found = unique(services.flat(), ({ ID }) => ID);
  const kept = found.map(observedService);
  const known = unique(tasks.flat(), ({ id }) => id);
  refuseUnheard(nodes, [
    ...known.flatMap((task) => (mayRun(task) ? (task.node ?? []) : [])),
    ...kept.flatMap(({ spec }) => pinOf(spec) ?? []),
  ]);
  const network = networks.find((one) => one.Name === query.network && one.Scope === "swarm");
  return {
    cluster: cluster.ID,
    services: kept,
    tasks: known,
    nodes: observedNodes(nodes),
    claims,
    secrets: unique(secrets.flat(), ({ ID }) => ID).map(({ ID, Spec }) => ({
      id: ID,
      name: Spec.Name,
      labels: Spec.Labels ?? {},
    })),
    strangers: named.filter((one) => !found.some(({ ID }) => ID === one.ID)).map((one) => one.Spec.Name),
    ...(network === undefined ? {} : { network: { id: network.Id } }),
  };
}

export function appLabel(app: string): string {
  return `${LABEL.app}=${app}`;
}

export async function tasksWith(docker: Api, label: string): Promise<ObservedTask[]> {
  return (await docker.listTasks({ filters: { label: [label] } })).map(observedTask);
}

/** Two lists may have the same thing, for its app and for its identity. */
function unique<T>(all: readonly T[], idOf: (one: T) => string): T[] {
  return [...new Map(all.map((one) => [idOf(one), one])).values()];
}

/** A new leader calls every node unknown until it has heard from it, or has waited long enough to call it down. */
function refuseUnheard(nodes: Awaited<ReturnType<Api["listNodes"]>>, needed: readonly string[]): void {
  const isReady = nodes.some((node) => node.Status.State === "ready");
  const unheard = nodes
    .filter((node) => node.Status.State === "unknown" && (needed.includes(node.ID) || !isReady))
    .map((node) => node.Description.Hostname);
  if (unheard.length > 0) throw new NotReady(`its new leader has not heard from ${unheard.join(", ")} yet`);
}
