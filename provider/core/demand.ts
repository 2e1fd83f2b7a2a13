import type { Change, Step } from "./change";
import { effectOf } from "./effects";
import type { ContainerState, ObservedInstance } from "./observed";
import type { Holding, Pool, Pools } from "./pools";

/** What a change needs of a pool before it may begin, and what it leaves once it is done. */
export interface Demand {
  readonly pool: Pool;
  readonly take: number;
  readonly give: number;
}

const UP: ReadonlySet<ContainerState> = new Set(["running", "paused", "restarting", "unknown"]);

/** Whether it holds what a process of its type holds: what is paused or crashes does, too. */
export function isUp({ state }: ObservedInstance): boolean {
  return UP.has(state);
}

/** What the changes of a plan need, as their steps say. */
export function demands(
  pools: Pools,
  instances: readonly ObservedInstance[],
  changes: readonly Change[],
  ended: ReadonlySet<ObservedInstance>,
): (change: Change) => Demand[] {
  const byContainer = new Map(instances.map((one) => [`${one.host} ${one.container}`, one]));
  const byName = new Map(instances.map((one) => [`${one.host} ${one.name}`, one]));
  const succeeded = new Set(changes.flatMap((change) => (isSucceeded(change) ? change.needs : [])));

  return (change) => {
    const { host } = change;
    const tally = new Tally();
    const up = new Map<string, boolean>();
    const move = (container: string, isStarted: boolean) => {
      const one = byContainer.get(`${host} ${container}`);
      if (one === undefined || (up.get(container) ?? isUp(one)) === isStarted) return;
      up.set(container, isStarted);
      tally.add(pools.ofOld(one, ended.has(one)), isStarted ? 1 : -1);
    };
    const gone = new Set<string>();
    let made = 0;
    for (const step of change.steps) {
      for (const container of endOf(step, host)) gone.add(container);
      const { starts, stops, makes } = effectOf(step);
      if (starts !== undefined) move(starts, true);
      if (stops !== undefined) move(stops, false);
      if (makes === undefined) continue;
      // One that an interrupted release has left is gone on with, or makes way.
      const there = byName.get(`${host} ${makes.name}`);
      const isThere = there !== undefined && !ended.has(there);
      if (!isThere) made++;
      if (!isThere || !isUp(there)) tally.add(pools.ofNew(makes.type, host), 1);
    }
    // A process and its successor have one place, and what is there has one whether it runs or not.
    const places = made - gone.size;
    const isShared = succeeded.has(change) || isSucceeded(change);
    for (const pool of pools.counts(host))
      if (places !== 0 && !(isShared && pool.of !== host)) tally.add([[pool, 1]], places);
    return tally.demands();
  };
}

/** Those of the containers that changes end. */
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

/** Whether it ends what another one succeeds, once that is there. */
export function isLeaving(change: Change): boolean {
  // What is stopped first may wait as well: for others of its type that are moved before.
  return isMove(change) && change.needs.some(({ needs }) => !needs.some(isMove));
}

/** Whether its successor comes into its place: one that keeps a slot has a place of its own already. */
function isSucceeded(change: Change): boolean {
  return isLeaving(change) && change.needs.some(({ verb }) => verb === "create");
}

function isMove({ verb, reason }: Change): boolean {
  return verb === "remove" && reason === "move";
}

/** How much more is held than before the first step: now, and at the most so far. */
class Tally {
  readonly #pools = new Map<Pool, { now: number; most: number }>();

  add(holding: Holding, times: number): void {
    for (const [pool, amount] of holding) {
      const { now, most } = this.#pools.get(pool) ?? { now: 0, most: 0 };
      this.#pools.set(pool, { now: now + times * amount, most: Math.max(most, now + times * amount) });
    }
  }

  demands(): Demand[] {
    return [...this.#pools].map(([pool, { now, most }]) => ({ pool, take: most, give: most - now }));
  }
}
