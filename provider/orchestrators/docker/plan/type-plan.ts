import { slotOf, type Change, type Readiness } from "../../../core/model/change";
import { outdatedBecause, type Why } from "../../../core/model/outdated";
import { configurationOf, formatConfiguration } from "../../../core/model/configuration";
import type { Draft } from "./draft";
import { desiredInstances, type DesiredInstance } from "../../../core/model/desired";
import { groupBy } from "../../../core/values/group";
import { memoized } from "../../../core/values/memoized";
import { asImageIs } from "../../../core/model/as-image-is";
import { imageAt, imageConfigAt, type ContainerState, type ObservedInstance } from "../../../core/model/observed";
import { entryOf } from "../../../core/values/entry";
import { ownVolumes } from "../../../core/inputs/container/mounts";
import { hostPortsFor, seatsOf } from "../../../core/model/host-ports";
import { optional, stopsFirst, type ProcessType } from "../../../core/inputs/process-type";

/** Seconds for which a process of a release that already runs is watched: the release itself has been proved. */
const MORE_OF_THE_SAME = 1;

const UP: ReadonlySet<ContainerState> = new Set(["running", "paused", "restarting"]);

/** Everything that must be known of a type before its changes are planned. */
export interface TypePlan {
  readonly context: Draft;
  readonly type: ProcessType;
  readonly quantity: number;
  /** True when a process is gone before its successor comes up. */
  readonly stopsFirst: boolean;
  readonly outdated: (instance: ObservedInstance) => Why | undefined;
  /** True when a container proves that no other has its slot: it is there, even if it is paused or crashes. */
  readonly isHeld: (instance: ObservedInstance) => boolean;
  /** True when a process may come up in a slot; if not, adds the reason to the plan. */
  readonly mayStart: (index: number) => boolean;
  /** A new container. @param had its predecessor's port @param isFreed true when the predecessor is gone by then */
  readonly want: (index: number, host: string, had?: number, isFreed?: boolean) => DesiredInstance;
}

export function typePlan(context: Draft, type: ProcessType, all: readonly ObservedInstance[]): TypePlan {
  const { spec, formation, identity, keepsReleases } = context.wanted;
  // All processes have the same configuration, except those that were restarted one by one.
  const configurationAt = memoized((index: number | undefined) =>
    configurationOf(spec, type, index ?? 0, identity.key),
  );
  const label = memoized((index: number | undefined) => formatConfiguration(configurationAt(index)));
  const make = desiredInstances(spec, type, identity);
  const ownIndex = (index: number) => (type.restarts[index] === undefined ? undefined : index);
  const why = memoized((index: number | undefined) =>
    memoized((host: string) => {
      const now = imageAt(context.hosts.get(host), type.image);
      return memoized((image: string) =>
        memoized((imageId: string) =>
          memoized((imageContent: string | undefined) =>
            memoized((configuration: string) =>
              outdatedBecause(
                { image, imageId, configuration, ...optional("imageContent", imageContent) },
                type.image,
                configurationAt(index),
                now,
              ),
            ),
          ),
        ),
      );
    }),
  );
  const outdated = (instance: ObservedInstance) =>
    keepsReleases === true
      ? undefined
      : why(ownIndex(instance.index))(instance.host)(instance.image)(instance.imageId)(instance.imageContent)(
          instance.configuration,
        );
  const seats = seatsOf(spec.app, spec.types, type.name);
  const isAnyUnknown = all.some(({ state }) => state === "unknown");
  return {
    context,
    type,
    outdated,
    quantity: entryOf(formation, type.name) ?? 0,
    stopsFirst: stopsFirst(type),
    isHeld: ({ state }) => UP.has(state) && !isAnyUnknown,
    mayStart: (index) => {
      // An unreachable host may already run the singleton.
      const [withheld] = context.withheld;
      if (!type.singleton || (context.unreachable.length === 0 && withheld === undefined)) return true;
      const slot = slotOf({ type: type.name, index });
      if (withheld !== undefined) {
        const old = `${slotOf(withheld)} on ${withheld.host}`;
        const why = `not started while ${old} is there, which an unfinished release gives up: run pulumi up`;
        context.blocked.push({ slot, host: withheld.host, why });
        return false;
      }
      const why = `not started while ${context.unreachable.join(", ")} cannot be reached: one may still run there; say abandoned: true on the host if it is off`;
      context.blocked.push({ slot, host: context.unreachable[0] ?? "", why });
      return false;
    },
    want: (index, host, had, isFreed = false) => {
      const taken = context.taken.get(host) ?? new Set<number>();
      if (had !== undefined && isFreed) taken.delete(had);
      const { port } = type.bind;
      const ports = port === undefined ? hostPortsFor(seats, index, had, taken) : [port];
      const made = asImageIs(
        make(index, label(ownIndex(index)), ports),
        imageConfigAt(context.hosts.get(host), type.image),
        type.imageCheck,
      );
      if (made.publish?.hostPorts[0] !== undefined) taken.add(made.publish.hostPorts[0]);
      return made;
    },
  };
}

/** Readiness of a new process, and of one that was there before. */
export interface Watch {
  readonly next: Readiness;
  readonly former: Readiness;
}

/** @param isProved true when a process of the same release runs already */
export function watchOf({ update, http }: ProcessType, isProved: boolean): Watch {
  const check = http === undefined ? {} : { http };
  const former = { monitor: Math.min(MORE_OF_THE_SAME, update.monitor), ...check };
  return { former, next: isProved ? former : { monitor: update.monitor, ...check } };
}

/**
 * Changes that must be done before a process comes up in a slot: ends of processes with its number, or with the same
 * port.
 */
export function obstacles(
  { type }: TypePlan,
  ends: readonly Change[],
  removed: readonly Change[],
): (index: number, host: string) => readonly Change[] {
  if (type.singleton) {
    const all = [...removed, ...ends];
    return () => all;
  }
  const byIndex = groupBy(ends, (change) => change.index);
  // A type that got another name may have written to the same volume.
  if (ownVolumes(type.settings).length > 0)
    return (index, host) => [...ends, ...removed].filter((change) => change.index === index || change.host === host);
  if (type.bind.port === undefined) return (index) => byIndex.get(index) ?? NONE;
  return (index, host) => ends.filter((change) => change.index === index || change.host === host);
}

const NONE: readonly Change[] = [];
