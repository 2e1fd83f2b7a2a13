import { slotOf } from "../../../core/model/change";
import { isAtHome, type Draft } from "./draft";
import { ownVolumes } from "../../../core/inputs/container/mounts";
import { groupBy } from "../../../core/values/group";
import { containerName } from "../../../core/values/names";
import type { ObservedInstance } from "../../../core/model/observed";
import { isKnown } from "../../../core/values/unknown";
import { dataSite, type DataSite } from "./data-site";
import { rebalanced } from "./rebalance";
import { interruptedReplacements } from "./interrupted";
import { assignSlots, type Placed } from "./slots";
import type { TypePlan } from "./type-plan";

/** The place of every process of a type, and the fate of those that are elsewhere. */
export interface Seating {
  /** Processes that keep their slot and their host. */
  readonly kept: readonly ObservedInstance[];
  /** Processes whose slot another one keeps. */
  readonly twins: readonly ObservedInstance[];
  /** Processes without a slot, because there are fewer slots than there were. */
  readonly surplus: readonly ObservedInstance[];
  /** Processes that leave their host and have no successor. */
  readonly excess: readonly ObservedInstance[];
  /** Processes that should leave their host, but whose successor finds no place: they stay. */
  readonly staying: readonly ObservedInstance[];
  /** Slots to fill, each on its host. */
  readonly placed: readonly Placed[];
}

export function seat(plan: TypePlan, all: readonly ObservedInstance[]): Seating {
  const { context, type, quantity } = plan;
  const { placer, wanted } = context;
  const home = all.filter((instance) => isAtHome(context, instance));
  const site: DataSite = quantity === 0 ? { kind: "none" } : dataSite(context, type, all);
  const allowed = home.filter(({ host }) => placer.allows(host, type) && (site.kind !== "host" || site.host === host));
  const here = type.bind.port === undefined ? allowed : onePerHost(allowed);
  const remaining = new Set(here);
  const resumed = interruptedReplacements(plan, here);
  const successors = new Set(resumed.values());
  const seated = here.filter((instance) => !successors.has(instance));
  const slots = assignSlots(seated, quantity, {
    isCurrent: (instance) => instance.state === "unknown" || plan.outdated(instance) === undefined,
    isNamed: (instance) => instance.name === containerName(wanted.spec.app, type.name, instance.index),
    isKnown: (instance) => wanted.remembered?.has(instance.container) ?? true,
  });
  const withSuccessor = (instance: ObservedInstance) => {
    const successor = resumed.get(instance);
    return successor === undefined ? [instance] : [instance, successor];
  };
  const surplus = slots.surplus.flatMap(withSuccessor);
  const freed = home.filter((instance) => !remaining.has(instance) || successors.has(instance));
  for (const instance of [...freed, ...slots.surplus, ...slots.twins]) placer.vacate(instance.host, type);

  const moved = wanted.rebalance === true && site.kind === "none" ? rebalanced(context, type, slots.kept) : [];
  const movers = new Set(moved.map(({ from }) => from));
  // A process that moves drops its half-made successor on the old host.
  const given = moved.flatMap(({ from }) => resumed.get(from) ?? []);
  const twins = [...slots.twins.flatMap(withSuccessor), ...given];
  const successions = succeed(
    all.filter((instance) => !remaining.has(instance)),
    slots.free,
  );
  const { placed, staying } = place(plan, successions.filled, site);
  return {
    kept: slots.kept.filter((instance) => !movers.has(instance)),
    twins,
    surplus,
    staying,
    excess: successions.excess,
    placed: [...moved, ...placed],
  };
}

/** Keeps one process on each host when all want the same port of it: the one that runs, or the first. */
function onePerHost(instances: readonly ObservedInstance[]): ObservedInstance[] {
  const rank = ({ state }: ObservedInstance) => (state === "running" || state === "unknown" ? 0 : 1);
  return [...groupBy(instances, (instance) => instance.host).values()].flatMap((all) =>
    [...all].sort((a, b) => rank(a) - rank(b) || a.index - b.index || (a.container < b.container ? -1 : 1)).slice(0, 1),
  );
}

type Succession = Pick<Placed, "index" | "from">;

/** Gives free slots a leaving process to succeed: running ones come first, and keep their number where it is free. */
function succeed(leaving: readonly ObservedInstance[], free: readonly number[]) {
  const rank = ({ state }: ObservedInstance) => (state === "running" ? 0 : state === "unknown" ? 1 : 2);
  const queue = [...leaving].sort((a, b) => rank(a) - rank(b) || a.index - b.index || (a.host < b.host ? -1 : 1));
  const succeeded = queue.slice(0, free.length);
  const open = new Set(free);
  const own = new Map<number, ObservedInstance>();
  for (const instance of succeeded)
    if (open.has(instance.index) && !own.has(instance.index)) own.set(instance.index, instance);
  const settled = new Set(own.values());
  const others = succeeded.filter((instance) => !settled.has(instance)).values();
  const filled = free.map((index): Succession => ({ index, from: own.get(index) ?? others.next().value }));
  return { filled, excess: queue.slice(free.length) };
}

/** Finds a host for each free slot. A slot without one is not filled, and the process that it was to succeed stays. */
function place(plan: TypePlan, filled: readonly Succession[], site: DataSite): Pick<Seating, "placed" | "staying"> {
  const { context, type, quantity } = plan;
  const placed: Placed[] = [];
  const homeless: Succession[] = [];
  let on = site.kind === "host" ? site.host : undefined;
  const settle = (host: string) => {
    on = host;
    for (const volume of ownVolumes(type.settings)) if (isKnown<string>(volume)) context.sites.set(volume, host);
  };
  if (on !== undefined) settle(on);
  if (site.kind === "refused") {
    context.shortages.push(site.why);
    return { placed, staying: filled.flatMap(({ from }) => from ?? []) };
  }
  for (const { index, from } of filled) {
    if (!plan.mayStart(index)) continue;
    if (site.kind === "unsure") {
      const why = `not started while ${site.host} cannot be reached: its volume may be there`;
      context.blocked.push({ slot: slotOf({ type: type.name, index }), host: site.host, why });
      continue;
    }
    const host = context.placer.place(type, on);
    if (host !== undefined && site.kind === "open") settle(host);
    if (host === undefined) homeless.push({ index, from });
    else placed.push({ index, host, from });
  }
  if (homeless.length > 0)
    refuse(
      context,
      type,
      quantity,
      homeless.map(({ index }) => index),
      on,
    );
  return { placed, staying: homeless.flatMap(({ from }) => from ?? []) };
}

function refuse(
  { placer, unreachable, blocked, shortages }: Draft,
  type: TypePlan["type"],
  quantity: number,
  homeless: readonly number[],
  on: string | undefined,
): void {
  const refusal = placer.refusal(type, on);
  const slots = homeless.map((index) => slotOf({ type: type.name, index }));
  const [host] = unreachable;
  if (host !== undefined) {
    for (const slot of slots) blocked.push({ slot, host, why: `no place: ${refusal}` });
    return;
  }
  const what =
    slots.length === 1 ? `${String(slots[0])} finds` : `${slots.length} of ${quantity} processes of ${type.name} find`;
  const ways = on === undefined ? "or add a host" : "or make room there, where its volume is";
  shortages.push(`${what} no place: ${refusal}: scale ${type.name} down, ${ways}`);
}
