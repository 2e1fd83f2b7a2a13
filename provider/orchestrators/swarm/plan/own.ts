import { LABEL } from "../../../core/model/labels";
import type { OtherFormation } from "../../../core/model/observed";
import { provedIdentity, type Asker, type Standing } from "../../../core/model/ownership";
import { appOf, keyOf, mayRun, ownerOf, typeOf } from "./observed";
import type { ObservedSecret, ObservedService, ObservedSwarm, ObservedTask } from "./observed";

/** The part of a Swarm that is one formation's: its services, tasks and secrets, whatever the app was called. */
export interface OwnSwarm extends ObservedSwarm {
  /** Services and tasks of other formations that have one of the app's names. */
  readonly others: readonly OtherFormation[];
  /** Names of services that have the labels of the formation, but were not made by it. */
  readonly copies: readonly string[];
  /** Ids of foreign services, whose tasks are not waited for. */
  readonly foreign: ReadonlySet<string>;
}

/**
 * Selects the formation's own part. Labels prove nothing: a service is its own by its key, or by a task that its state
 * remembers.
 */
export function ownPart(swarm: ObservedSwarm, asker: Asker): OwnSwarm {
  const standing = new Map(swarm.services.map((service) => [service.id, standingOf(service, swarm.tasks, asker)]));
  const those = (wanted: Standing) => swarm.services.filter(({ id }) => standing.get(id) === wanted);
  const services = those("ours");
  const tasks = swarm.tasks.filter((task) => (standing.get(task.service) ?? standingOfTask(task, asker)) === "ours");
  // A process that outlived its service is a reason to refuse others only if it is a singleton.
  const isOrphanOfOther = (task: ObservedTask) =>
    !standing.has(task.service) &&
    mayRun(task) &&
    task.labels[LABEL.singleton] === "true" &&
    standingOfTask(task, asker) === "other";
  const copies = those("copy");
  return {
    ...swarm,
    services,
    tasks,
    secrets: swarm.secrets.filter((secret) => isOwnSecret(secret, services, asker)),
    strangers: [...swarm.strangers, ...[...copies, ...those("other")].map(({ spec }) => spec.Name)],
    others: [...those("other").map(otherService), ...swarm.tasks.filter(isOrphanOfOther).map(otherTask)],
    copies: copies.map(({ spec }) => spec.Name),
    foreign: new Set(
      swarm.tasks
        .filter((task) => !tasks.includes(task))
        .map((task) => task.service)
        .concat([...copies, ...those("other")].map(({ id }) => id)),
    ),
  };
}

function standingOf(service: ObservedService, tasks: readonly ObservedTask[], asker: Asker): Standing {
  if (typeOf(service) === "") return "copy";
  const proved = provedIdentity({ labels: service.spec.Labels }, keyOf(service));
  if (proved !== undefined) return proved === asker.identity ? "ours" : "other";
  // Somebody may have changed the service's environment by hand.
  const own = tasks.filter((task) => task.service === service.id);
  return own.some((task) => standingOfTask(task, asker) === "ours") ? "ours" : "copy";
}

function standingOfTask({ container, identity }: ObservedTask, asker: Asker): Standing {
  if (container !== "" && asker.known.has(container)) return "ours";
  if (identity === undefined) return "copy";
  return identity === asker.identity ? "ours" : "other";
}

/**
 * True for a secret of the formation's own. Secrets of version 0.1 do not say whose they are, but a service that uses
 * them does.
 */
function isOwnSecret({ id, labels }: ObservedSecret, services: readonly ObservedService[], asker: Asker): boolean {
  const identity = labels[LABEL.identity];
  if (identity !== undefined) return identity === asker.identity;
  if (!asker.apps.includes(labels[LABEL.app] ?? "")) return false;
  const isUsed = services.some(({ spec }) =>
    spec.TaskTemplate.ContainerSpec.Secrets.some(({ SecretID }) => SecretID === id),
  );
  return isUsed || (asker.identity !== undefined && labels[LABEL.owner] === asker.owner);
}

function otherService(service: ObservedService): OtherFormation {
  return {
    container: service.id,
    app: appOf(service),
    identity: provedIdentity({ labels: {} }, keyOf(service)) ?? "",
    owner: ownerOf(service),
  };
}

function otherTask({ service, labels, identity = "" }: ObservedTask): OtherFormation {
  return { container: service, app: labels[LABEL.app] ?? "", identity, owner: labels[LABEL.owner] ?? "" };
}
