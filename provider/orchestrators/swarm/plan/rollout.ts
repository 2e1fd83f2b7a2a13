import type { Change } from "../../../core/model/change";
import { LABEL } from "../../../core/model/labels";
import { DEFAULT_STOP_TIMEOUT } from "../../../core/inputs/container/container-settings";
import type { ProcessType } from "../../../core/inputs/process-type";
import type { ServiceSpec } from "./service/service";
import type { Emptying, Rollout } from "./step";

/** Seconds for which more tasks of a release that already runs are watched: the release itself has been proved. */
const MORE_OF_THE_SAME = 1;
/** Seconds for the Swarm to place a process and get its image, beside the process's own times to start and to stop. */
const PATIENCE = 90;

export function rolloutOf(
  type: ProcessType,
  spec: ServiceSpec,
  slots: readonly number[],
  isProved: boolean,
  onFailure: Change["onFailure"] = "continue",
): Rollout {
  const { monitor } = type.update;
  const { startPeriod = 0, interval = 0, timeout = 0, retries = 0 } = type.settings.health ?? {};
  return {
    app: spec.Labels[LABEL.app] ?? "",
    type: type.name,
    labels: spec.TaskTemplate.ContainerSpec.Labels,
    quantity: spec.Mode.Replicated.Replicas,
    slots,
    goesOn: onFailure === "continue",
    isTakenBack: onFailure === "rollback",
    monitor: isProved ? Math.min(MORE_OF_THE_SAME, monitor) : monitor,
    patience: PATIENCE + type.settings.stopTimeout + type.update.delay + startPeriod + (interval + timeout) * retries,
  };
}

/** @param labels of the service that is emptied */
export function emptyingOf(
  labels: Readonly<Record<string, string>>,
  held: boolean,
  abandoned: readonly string[],
  lenient = false,
): Emptying {
  return {
    app: labels[LABEL.app] ?? "",
    type: labels[LABEL.type] ?? "",
    held,
    abandoned,
    lenient,
    stopTimeout: Number(labels[LABEL.stopTimeout] || DEFAULT_STOP_TIMEOUT),
  };
}
