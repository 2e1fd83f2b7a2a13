import { LABEL } from "../../../core/model/labels";
import { mayRun, type ObservedTask } from "../plan/observed";
import { pinOf } from "../plan/service/service";
import { claimsOf } from "./claims";
import type { SwarmQuery } from "./swarm";
import { observedNodes, observedService, observedTask } from "./answers";
import type { ListedNode, SwarmApi } from "./swarm-api";
import { NotReady } from "./errors";

/** Observes everything labelled with one of the app's names, or with the formation's identity under any name. */
export async function lookAtSwarm(api: SwarmApi, query: SwarmQuery) {
  const labels = [
    ...query.apps.map(appLabel),
    ...(query.identity === undefined ? [] : [`${LABEL.identity}=${query.identity}`]),
  ];
  const labelled = labels.map((label) => ({ label: [label] }));
  const { networks: wanted = [] } = query;
  const [cluster, services, named, tasks, nodes, secrets, claims, networks] = await Promise.all([
    api.swarm(),
    Promise.all(labelled.map((one) => api.services(one))),
    api.services({ name: query.apps.map((app) => `${app}_`) }),
    Promise.all(labels.map((label) => tasksWith(api, label))),
    api.nodes(),
    Promise.all(labelled.map((one) => api.secrets(one))),
    claimsOf(api),
    wanted.length === 0 ? [] : api.networks({ name: wanted }),
  ]);
  const found = unique(services.flat(), ({ ID }) => ID);
  const kept = found.map(observedService);
  const known = unique(tasks.flat(), ({ id }) => id);
  refuseUnheard(nodes, [
    ...known.flatMap((task) => (mayRun(task) ? (task.node ?? []) : [])),
    ...kept.flatMap(({ spec }) => pinOf(spec) ?? []),
  ]);
  const shared = networks.filter(({ Name, Scope }) => wanted.includes(Name) && Scope === "swarm");
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
    networks: Object.fromEntries(shared.map(({ Name, Id }) => [Name, Id])),
  };
}

export function appLabel(app: string): string {
  return `${LABEL.app}=${app}`;
}

export async function tasksWith(api: SwarmApi, label: string): Promise<ObservedTask[]> {
  return (await api.tasks({ label: [label] })).map(observedTask);
}

/** Removes duplicates: an entry may be listed once for its app and once for its identity. */
function unique<T>(all: readonly T[], idOf: (one: T) => string): T[] {
  return [...new Map(all.map((one) => [idOf(one), one])).values()];
}

/**
 * Throws while a needed node is unknown, or any node while none is ready: a new leader reports a node as unknown until
 * it has heard from it, or calls it down.
 *
 * @throws NotReady
 */
function refuseUnheard(nodes: readonly ListedNode[], needed: readonly string[]): void {
  const isReady = nodes.some((node) => node.Status.State === "ready");
  const unheard = nodes
    .filter((node) => node.Status.State === "unknown" && (needed.includes(node.ID) || !isReady))
    .map((node) => node.Description.Hostname);
  if (unheard.length > 0) throw new NotReady(`its new leader has not heard from ${unheard.join(", ")} yet`);
}
