import type { Formation } from "../values/formation";
import { entryOf } from "../values/entry";
import { stopsFirst, type ProcessType } from "../inputs/process-type";
import type { BackingService, Spec } from "../inputs/spec";

/** Connections that a formation may need of one backing service at the worst moment, beside those that there are. */
export interface Budget {
  readonly used: number;
  readonly limit: number;
  /** The shares that add up: `web 8×10 + release overlap 2×10, worker 6×5`. */
  readonly detail: string;
}

interface Share {
  readonly type: ProcessType;
  readonly quantity: number;
  /** Processes that run beside their predecessors during a release. */
  readonly overlap: number;
  readonly each: number;
}

/** The number of processes of a type that are replaced at a time. */
export function windowOf(type: ProcessType, quantity: number): number {
  return type.update.parallelism ?? Math.max(1, Math.ceil(quantity / 4));
}

export function budgets(spec: Spec, formation: Formation): Readonly<Record<string, Budget>> {
  return Object.fromEntries(
    spec.backingServices.map((service) => {
      const shares = sharesOf(spec, formation, service);
      return [service.name, { used: sum(shares), limit: limitOf(service), detail: shares.map(describe).join(", ") }];
    }),
  );
}

/** Every service that the formation could overload, with the remedies. */
export function overloads(spec: Spec, formation: Formation): { readonly text: string; readonly isFatal: boolean }[] {
  const all = budgets(spec, formation);
  return spec.backingServices.flatMap((service) => {
    const budget = all[service.name];
    if (budget === undefined || budget.used <= budget.limit) return [];
    const ways = [...remedies(sharesOf(spec, formation, service), budget.limit), "raise the limit"];
    const what = `${service.name}: ${budget.used} of ${budget.limit} connections (${budget.detail})`;
    return [{ text: `${what}: ${enumerate(ways)}`, isFatal: service.policy === "refuse" }];
  });
}

function limitOf({ maxConnections, reserve }: BackingService): number {
  return maxConnections - reserve;
}

function sharesOf(spec: Spec, formation: Formation, service: BackingService): Share[] {
  return spec.types.flatMap((type) => {
    const quantity = formation[type.name] ?? 0;
    const each = entryOf(type.connections, service.name) ?? 0;
    if (quantity === 0 || each === 0) return [];
    return [{ type, quantity, overlap: overlapOf(type, quantity), each }];
  });
}

/** The number of processes of a type that run beside their predecessors during a release. */
function overlapOf(type: ProcessType, quantity: number): number {
  return stopsFirst(type) ? 0 : Math.min(quantity, windowOf(type, quantity));
}

function sum(shares: readonly Share[]): number {
  return shares.reduce((total, { quantity, overlap, each }) => total + (quantity + overlap) * each, 0);
}

function describe({ type, quantity, overlap, each }: Share): string {
  const own = `${type.name} ${quantity}×${each}`;
  return overlap === 0 ? own : `${own} + release overlap ${overlap}×${each}`;
}

/** Remedies for the type that needs most: the quantity, or the size of a pool, that would fit. */
function remedies(shares: readonly Share[], limit: number): string[] {
  const need = (share: Share) => (share.quantity + share.overlap) * share.each;
  const [largest, ...rest] = [...shares].sort((a, b) => need(b) - need(a));
  if (largest === undefined) return [];
  const { type, quantity, overlap, each } = largest;
  const left = limit - sum(rest);
  let fewer = quantity;
  while (fewer > 0 && (fewer + overlapOf(type, fewer)) * each > left) fewer--;
  const smaller = Math.floor(left / (quantity + overlap));
  return [
    ...(fewer > 0 ? [`scale ${type.name} to ${fewer}`] : []),
    ...(smaller > 0 ? [`lower its pool to ${smaller}`] : []),
  ];
}

function enumerate(ways: readonly string[]): string {
  return ways.length < 2 ? ways.join("") : `${ways.slice(0, -1).join(", ")}, or ${ways.at(-1) ?? ""}`;
}
