import { memoized } from "../../../core/values/memoized";
import type { ObservedInstance } from "../../../core/model/observed";

/** A slot that is filled, with its host. */
export interface Placed {
  readonly index: number;
  readonly host: string;
  /** The container that it succeeds, from another host or under the app's former name. */
  readonly from: ObservedInstance | undefined;
}

/** The fate of the containers of one type: one keeps each slot, the rest go, and free slots are filled. */
export interface Slots<T = ObservedInstance> {
  readonly kept: readonly T[];
  readonly surplus: readonly T[];
  readonly twins: readonly T[];
  readonly free: readonly number[];
}

/** Reasons to keep a container. */
export interface Standing {
  readonly isCurrent: (instance: ObservedInstance) => boolean;
  /** True when it has its slot's own name: a former container, or one that was made by hand, has another. */
  readonly isNamed: (instance: ObservedInstance) => boolean;
  /** True when the last update left it there. */
  readonly isKnown: (instance: ObservedInstance) => boolean;
}

/**
 * Scaling down gives up stopped processes first, then those on unreachable hosts, then those of an old configuration
 * (they would be replaced anyway), then the highest index. Scaling up fills the lowest free slots.
 */
export function assignSlots<T extends ObservedInstance>(
  instances: readonly T[],
  quantity: number,
  standing: Standing,
): Slots<T> {
  // A process that runs for certain is worth more than one on an unreachable host.
  const down = ({ state }: ObservedInstance) => (state === "running" ? 0 : state === "unknown" ? 2 : 4);
  const rank = memoized((instance: ObservedInstance) => down(instance) + (standing.isCurrent(instance) ? 0 : 1));
  const doubt = (instance: ObservedInstance) =>
    (standing.isNamed(instance) ? 0 : 2) + (standing.isKnown(instance) ? 0 : 1);
  const ranked = [...instances].sort(
    (a, b) =>
      rank(a) - rank(b) ||
      a.index - b.index ||
      doubt(a) - doubt(b) ||
      a.createdAt - b.createdAt ||
      (a.container < b.container ? -1 : 1),
  );
  const seats = new Map<number, T>();
  const twins: T[] = [];
  for (const instance of ranked) {
    if (seats.has(instance.index)) twins.push(instance);
    else seats.set(instance.index, instance);
  }
  const seated = [...seats.values()];
  const kept = seated.slice(0, quantity).sort((a, b) => a.index - b.index);
  const surplus = seated.slice(quantity).sort((a, b) => a.index - b.index);
  const taken = new Set(kept.map((instance) => instance.index));
  const free: number[] = [];
  for (let index = 1; free.length < quantity - kept.length; index++) if (!taken.has(index)) free.push(index);
  return { kept, surplus, twins, free };
}
