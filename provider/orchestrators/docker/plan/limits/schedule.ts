import { slotOf, type Change } from "../../../../core/model/change";
import type { Blocked } from "../../../../core/plan/plan";
import { isLeaving, type Demand } from "./demand";
import type { Limit } from "./pools";
import { Queue } from "./queue";
import { stoppedFirst } from "../replacement";
import { Store } from "./store";

/** A change that is to get its place in the order. */
interface Node {
  change: Change;
  claims: readonly Claim[];
  readonly needs: Set<Node>;
  /** Number of `needs` that have no place yet. */
  left: number;
  readonly dependants: Set<Node>;
  /** The claim for which too little was free. */
  waitsFor: Claim | undefined;
  state: "open" | "placed" | "dropped";
}

interface Claim extends Demand {
  readonly store: Store<Node>;
}

/**
 * Orders changes: each comes after those that leave what it takes.
 *
 * @param free the free amount of each pool that is short, less than 0 where too much is held already
 * @param blocked gets the changes that can never begin
 */
export function schedule(
  changes: readonly Change[],
  free: ReadonlyMap<Limit, number>,
  demandsOf: (change: Change) => readonly Demand[],
  blocked: Blocked[],
): readonly Change[] {
  const stores = new Map([...free].map(([pool, amount]) => [pool, new Store<Node>(amount)]));
  const claimsOf = (change: Change) =>
    demandsOf(change).flatMap((demand): Claim[] => {
      const store = stores.get(demand.pool);
      return store === undefined ? [] : [{ ...demand, store }];
    });
  const nodes = nodesOf(changes, claimsOf);
  const made = new Map<Node, Change>();

  const givers = new Queue<Node>();
  const takers = new Queue<Node>();
  /** Nodes that wait for others to leave something: those that may go another way, and those that may not. */
  const flexible = new Queue<Node>();
  const rigid = new Queue<Node>();
  const woken = new Set<Store<Node>>();
  const isWaiting = ({ state, waitsFor }: Node) => state === "open" && waitsFor !== undefined;
  const enter = (node: Node) => (node.claims.some(({ take }) => take > 0) ? takers : givers).push(node);
  const wait = (node: Node, claim: Claim) => {
    node.waitsFor = claim;
    claim.store.waiting.push(node);
    (otherWay(node) === undefined ? rigid : flexible).push(node);
  };
  const place = (node: Node) => {
    for (const { store, take } of node.claims) if (take > 0) store.draw(node, take, node.needs);
    for (const { store, give } of node.claims) {
      if (give === 0) continue;
      store.put(node, give);
      woken.add(store);
    }
    node.state = "placed";
    made.set(node, { ...node.change, needs: [...node.needs].flatMap((need) => made.get(need) ?? []) });
    for (const next of node.dependants) if (--next.left === 0 && next.state === "open") enter(next);
  };
  /** A waiting node for which there is enough by now. */
  const revived = (): Node | undefined => {
    for (const store of woken) {
      for (;;) {
        const node = store.waiting.first((one) => isWaiting(one) && one.waitsFor?.store === store);
        if (node === undefined) break;
        const lacking = lackOf(node);
        if (lacking === undefined) return node;
        if (lacking.store === store) break;
        wait(node, lacking);
      }
      woken.delete(store);
    }
    return undefined;
  };

  for (const node of nodes) if (node.left === 0) enter(node);
  for (;;) {
    const next = revived() ?? givers.shift() ?? takers.shift() ?? flexible.first(isWaiting) ?? rigid.first(isWaiting);
    if (next === undefined) break;
    const lacking = lackOf(next);
    const isStuck = next.waitsFor !== undefined;
    next.waitsFor = undefined;
    if (lacking === undefined) place(next);
    else if (!isStuck) wait(next, lacking);
    else {
      const turn = otherWay(next);
      if (turn === undefined) drop(next, lacking, blocked);
      else {
        turn(lacking.pool);
        next.claims = claimsOf(next.change);
        for (const node of [next, ...next.needs]) if (node.state === "open" && node.left === 0) enter(node);
      }
    }
  }
  return nodes.flatMap((node) => made.get(node) ?? []);
}

function lackOf(node: Node): Claim | undefined {
  return node.claims.find(({ store, take }) => take > 0 && !store.has(take));
}

const OPEN = { waitsFor: undefined, state: "open" } as const;

function nodesOf(changes: readonly Change[], claimsOf: (change: Change) => readonly Claim[]): readonly Node[] {
  const nodes = new Map<Change, Node>();
  for (const change of changes) {
    const claims = claimsOf(change);
    nodes.set(change, { change, claims, needs: new Set(), left: 0, dependants: new Set(), ...OPEN });
  }
  for (const node of nodes.values())
    for (const need of node.change.needs) {
      const other = nodes.get(need);
      if (other !== undefined) link(node, other);
    }
  return [...nodes.values()];
}

function link(node: Node, need: Node): void {
  if (node.needs.has(need)) return;
  node.needs.add(need);
  need.dependants.add(node);
  node.left++;
}

/** Another way, in which a change begins with less: the process that it succeeds is ended first. */
function otherWay(node: Node): ((short: Limit) => void) | undefined {
  const sooner = stoppedFirst(node.change);
  if (sooner !== undefined)
    return ({ of, what }) => {
      node.change = { ...sooner, cause: `${sooner.cause}: ${of} has no ${what} for two` };
    };
  const leaving = [...node.dependants].find(({ change, state }) => state === "open" && isLeaving(change));
  if (leaving === undefined || leaving.needs.size > 1) return undefined;
  return () => {
    leaving.needs.delete(node);
    leaving.left--;
    node.dependants.delete(leaving);
    leaving.change = { ...leaving.change, needs: [] };
    link(node, leaving);
  };
}

/** Drops a change that cannot begin, and those that wait for it: they are left to another update. */
function drop(node: Node, { store, pool, take }: Claim, blocked: Blocked[]): void {
  const { of, what, most, show } = pool;
  const free = `${show(Math.max(0, store.free))} of ${show(most)} ${what} free`;
  const why = `${of} has ${free}, ${show(take)} are needed, and what holds them cannot be ended now`;
  const slot = slotOf(node.change);
  blocked.push({ slot, host: node.change.host, why });
  const all = new Set([node]);
  for (const one of all) {
    one.state = "dropped";
    for (const next of one.dependants) all.add(next);
    const other = slotOf(one.change);
    if (other !== slot) blocked.push({ slot: other, host: one.change.host, why: `${slot} is left undone` });
  }
}
