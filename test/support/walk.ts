import type { Change, Step } from "../../provider/core/model/change";
import type { ObservedInstance } from "../../provider/core/model/observed";

/** Container on the way through a plan. */
export interface Walked {
  readonly host: string;
  readonly type: string;
  readonly index: number;
  readonly isNew: boolean;
  /** Fixed host port, if it has one. */
  readonly port: number | undefined;
  name: string;
  isUp: boolean;
  /** True when stopped on the way: the container only waits for the end of its release. */
  isEnded: boolean;
}

/** Counts something over all containers. */
export type Count = (all: Iterable<Walked>) => number;

const UP = ["running", "paused", "restarting", "unknown"];

/**
 * Carries changes out in the order that is the worst for a count: additions come as soon as `needs` allows,
 * subtractions as late as possible.
 *
 * @returns the count at first, and the greatest count right after a step that has added to it
 */
export function worstWalk(
  instances: readonly ObservedInstance[],
  changes: readonly Change[],
  count: Count,
  chance: () => number,
): { readonly first: number; readonly most: number } {
  const all = new Map<string, Walked>(
    instances.map((one) => [
      `${one.host} ${one.container}`,
      { ...one, port: one.published?.port, isNew: false, isUp: UP.includes(one.state), isEnded: false },
    ]),
  );
  const first = count(all.values());
  let now = first;
  let most = 0;
  const done = new Set<Change>();
  const begun = new Map<Change, Step[]>();
  for (;;) {
    for (const change of changes)
      if (!begun.has(change) && change.needs.every((need) => done.has(need))) begun.set(change, [...change.steps]);
    const open = [...begun].filter(([change]) => !done.has(change));
    if (open.length === 0) break;
    const gains = open.map(([change, [step]]) => gain(all, change.host, step, count));
    const best = Math.max(...gains);
    const candidates = open.filter((_, at) => gains[at] === best);
    const [change, steps] = candidates[Math.floor(chance() * candidates.length)]!;
    const step = steps.shift();
    if (step !== undefined) perform(all, change.host, step);
    if (steps.length === 0) done.add(change);
    const next = count(all.values());
    if (next > now) most = Math.max(most, next);
    now = next;
  }
  if (done.size < changes.length) throw new Error(`${changes.length - done.size} changes can never begin`);
  return { first, most };
}

function gain(all: ReadonlyMap<string, Walked>, host: string, step: Step | undefined, count: Count): number {
  if (step === undefined) return 0;
  const copy = new Map([...all].map(([key, one]) => [key, { ...one }]));
  perform(copy, host, step);
  return count(copy.values()) - count(all.values());
}

function perform(all: Map<string, Walked>, host: string, step: Step): void {
  const find = (ref: string) =>
    all.get(`${host} ${ref}`) ?? [...all.values()].find((one) => one.host === host && one.name === ref);
  switch (step.op) {
    case "run": {
      const { name, type, index, publish } = step.want;
      const there = find(name);
      if (there !== undefined) there.isUp = true;
      else {
        const fixed = publish?.hostPorts.length === 1 ? publish.hostPorts[0] : undefined;
        all.set(`${host} new ${name}`, {
          host,
          name,
          type,
          index,
          isNew: true,
          isUp: true,
          isEnded: false,
          port: fixed,
        });
      }
      return;
    }
    case "start": {
      const one = find(step.container);
      if (one !== undefined) Object.assign(one, { isUp: true, isEnded: false });
      return;
    }
    case "stop":
    case "park": {
      const one = find(step.container);
      if (one !== undefined) Object.assign(one, { isUp: false, isEnded: true });
      return;
    }
    case "rename": {
      const one = find(step.container);
      if (one !== undefined) one.name = step.name;
      return;
    }
    case "remove":
      for (const [key, one] of all) if (one === find(step.container)) all.delete(key);
      return;
    case "ready":
    case "settle":
    case "unpause":
    case "discard":
    case "once":
    case "wait":
  }
}
