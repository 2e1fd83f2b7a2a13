import { compare } from "../values/formation";
import type { ProcessType } from "../inputs/process-type";

// Our ports are below the range that Linux hands out for outgoing connections, so that those never take one of them.
const FIRST = 20_000;
const BLOCKS = 100;
/** Pairs of ports in a block. */
const PAIRS = 50;
const CANDIDATES = 8;

/**
 * The host ports of one type's slots. Each slot has a pair: while a process holds one port, its successor takes the
 * other. An engine that chooses a port itself chooses another one each time it restarts the container; these stay, so
 * that a load balancer can be told of both beforehand.
 */
export interface Seats {
  /** The two ports of a slot, which no other slot of the app has. */
  readonly of: (index: number) => readonly number[];
  /** Pairs that no slot of the app has, best first, for a slot whose own are in use by others. */
  readonly spare: (index: number) => readonly (readonly number[])[];
}

/** Gives each type blocks for as many slots as it may have: by its name, or the next that no type before it has. */
export function seatsOf(app: string, types: readonly ProcessType[], type: string): Seats {
  const starts = new Map<string, number>();
  const used = new Set<number>();
  const seated = types.filter(({ port, bind }) => port !== undefined && bind.port === undefined);
  for (const { name, max } of [...seated].sort((a, b) => compare(a.name, b.name))) {
    const home = spread(`${app}.${name}`);
    const run = (start: number) => Array.from({ length: Math.ceil(max / PAIRS) }, (_, at) => (start + at) % BLOCKS);
    const start = around(home).find((block) => run(block).every((one) => !used.has(one))) ?? home;
    starts.set(name, start);
    for (const block of run(start)) used.add(block);
  }
  const start = starts.get(type) ?? spread(`${app}.${type}`);
  const pairIn = (block: number, index: number) => {
    const seat = FIRST + 2 * ((block * PAIRS + index - 1) % (BLOCKS * PAIRS));
    return [seat, seat + 1];
  };
  return {
    of: (index) => pairIn(start, index),
    spare: (index) =>
      around(start)
        .filter((block) => !used.has(block))
        .map((block) => pairIn(block, ((index - 1) % PAIRS) + 1)),
  };
}

/** The pair that a port belongs to. */
export function pairOf(port: number): readonly number[] {
  const first = port - (port % 2);
  return first < FIRST || first >= FIRST + 2 * BLOCKS * PAIRS ? [port] : [first, first + 1];
}

/**
 * The host ports to try for one process, best first: of the pair that its predecessor is in, then of its slot's own,
 * then of pairs that nobody has.
 *
 * @param had the predecessor's port
 * @param taken ports of this app's processes on the host
 */
export function hostPortsFor(
  seats: Seats,
  index: number,
  had: number | undefined,
  taken: ReadonlySet<number>,
): number[] {
  const isFree = (port: number) => !taken.has(port);
  const own = [...(had === undefined ? [] : pairOf(had)), ...seats.of(index)].filter(isFree);
  const spare = seats.spare(index).filter((pair) => pair.every(isFree));
  return [...new Set([...own, ...spare.flat()])].slice(0, CANDIDATES);
}

/** All blocks, beginning with `start`. */
function around(start: number): number[] {
  return Array.from({ length: BLOCKS }, (_, at) => (start + at) % BLOCKS);
}

function spread(text: string): number {
  let hash = 0;
  for (const letter of text) hash = (hash * 31 + (letter.codePointAt(0) ?? 0)) % BLOCKS;
  return hash;
}
