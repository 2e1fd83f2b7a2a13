import type { Change, Step } from "../model/change";
import { ONE_OFF, processName } from "../values/names";
import type { ObservedHost } from "../model/observed";
import type { Recorded, RecordedInstance } from "./state";
import { isoTime } from "../values/units";

/** Changes that an update made, or tried to. */
interface Attempts {
  readonly done: readonly Change<unknown>[];
  readonly failures: readonly { readonly change: Change<unknown> }[];
}

/**
 * The instances to assume on a host that becomes unreachable during the update: those observed before it, without those
 * that it removed, and those that it may have created.
 */
export function believed(state: Recorded, observed: readonly ObservedHost[], made: Attempts): RecordedInstance[] {
  const known = new Map((state.instances ?? []).map((one) => [one.container, one]));
  const removals = made.done.flatMap(({ host, steps }) =>
    steps.flatMap((step) => (isRemoval(step) ? [`${host} ${step.container}`] : [])),
  );
  const removed = new Set(removals);
  const seen = observed
    .flatMap((host) => host.instances)
    .filter(({ type, host, container }) => type !== ONE_OFF && !removed.has(`${host} ${container}`));
  const created = [...made.done, ...made.failures.map(({ change }) => change)].filter(({ verb }) => verb === "create");
  return [
    ...seen.map(({ type, index, host, container, createdAt }): RecordedInstance => ({
      since: isoTime(createdAt),
      ...known.get(container),
      type,
      index,
      host,
      container,
    })),
    ...created.map(({ type, index, host }) => ({ type, index, host, container: processName(type, index) })),
  ];
}

function isRemoval(step: unknown): step is Extract<Step, { readonly op: "remove" }> {
  return (step as Partial<Step>).op === "remove";
}
