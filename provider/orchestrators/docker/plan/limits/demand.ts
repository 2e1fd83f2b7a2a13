import type { Change, Step } from "../../../../core/model/change";
import { effectOf } from "../../../../core/model/effects";
import type { ContainerState, ObservedInstance } from "../../../../core/model/observed";
import type { Usage, Limit, Limits } from "./pools";

/** The amount of a pool that a change needs before it may begin, and the amount that it leaves once it is done. */
export interface Demand {
  readonly pool: Limit;
  readonly take: number;
  readonly give: number;
}

const UP: ReadonlySet<ContainerState> = new Set(["running", "paused", "restarting", "unknown"]);

/** True when a process takes what its type takes: also one that is paused or crashes. */
export function isUp({ state }: ObservedInstance): boolean {
  return UP.has(state);
}

/** Works out from their steps what the changes of a plan need. */
export function demands(
  pools: Limits,
  instances: readonly ObservedInstance[],
  changes: readonly Change[],
  ended: ReadonlySet<ObservedInstance>,
): (change: Change) => Demand[] {
  const byContainer = new Map(instances.map((instance) => [`${instance.host} ${instance.container}`, instance]));
  const byName = new Map(instances.map((instance) => [`${instance.host} ${instance.name}`, instance]));
  const succeeded = new Set(changes.flatMap((change) => (isSucceeded(change) ? change.needs : [])));

  return (change) => {
    const { host } = change;
    const tally = new Tally();
    const up = new Map<string, boolean>();
    const move = (container: string, isStarted: boolean) => {
      const instance = byContainer.get(`${host} ${container}`);
      if (instance === undefined || (up.get(container) ?? isUp(instance)) === isStarted) return;
      up.set(container, isStarted);
      tally.add(pools.ofOld(instance, ended.has(instance)), isStarted ? 1 : -1);
    };
    const gone = new Set<string>();
    let made = 0;
    for (const step of change.steps) {
      for (const container of endOf(step, host)) gone.add(container);
      const { starts, stops, makes } = effectOf(step);
      if (starts !== undefined) move(starts, true);
      if (stops !== undefined) move(stops, false);
      if (makes === undefined) continue;
      // A container that an interrupted release has left is continued, or makes way.
      const there = byName.get(`${host} ${makes.name}`);
      const isThere = there !== undefined && !ended.has(there);
      if (!isThere) made++;
      if (!isThere || !isUp(there)) tally.add(pools.ofNew(makes.type, host), 1);
    }
    // A process and its successor share one place, and a container has a place whether it runs or not.
    const places = made - gone.size;
    const isShared = succeeded.has(change) || isSucceeded(change);
    for (const pool of pools.counts(host))
      if (places !== 0 && !(isShared && pool.of !== host)) tally.add([[pool, 1]], places);
    return tally.demands();
  };
}

/** The containers that changes end. */
export function endedBy(
  changes: readonly Change[],
  instances: readonly ObservedInstance[],
): ReadonlySet<ObservedInstance> {
  const ended = new Set(changes.flatMap(({ host, steps }) => steps.flatMap((step) => endOf(step, host))));
  return new Set(instances.filter(({ host, container }) => ended.has(`${host} ${container}`)));
}

function endOf(step: Step, host: string): string[] {
  const { stops, removes } = effectOf(step);
  return [stops, removes].flatMap((container) => (container === undefined ? [] : [`${host} ${container}`]));
}

/** True when the change removes a moved process whose successor is created first. */
export function isLeaving(change: Change): boolean {
  // A stop-first removal may have needs, too (the rolling window): creations that in turn need a removal.
  return isMove(change) && change.needs.some(({ needs }) => !needs.some(isMove));
}

/**
 * True when the successor comes into the place of the removed process: one that keeps a slot has a place of its own.
 */
function isSucceeded(change: Change): boolean {
  return isLeaving(change) && change.needs.some(({ verb }) => verb === "create");
}

function isMove({ verb, reason }: Change): boolean {
  return verb === "remove" && reason === "move";
}

/** Counts how much more a change takes than before its first step: now, and at the most so far. */
class Tally {
  readonly #pools = new Map<Limit, { now: number; most: number }>();

  add(holding: Usage, times: number): void {
    for (const [pool, amount] of holding) {
      const { now, most } = this.#pools.get(pool) ?? { now: 0, most: 0 };
      this.#pools.set(pool, { now: now + times * amount, most: Math.max(most, now + times * amount) });
    }
  }

  demands(): Demand[] {
    return [...this.#pools].map(([pool, { now, most }]) => ({ pool, take: most, give: most - now }));
  }
}
