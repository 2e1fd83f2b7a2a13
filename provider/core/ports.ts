import type { ProcessType } from "./process-type";

// Below the range that Linux hands out for outgoing connections, so that those never take one of ours.
const FIRST = 20_000;
const COUNT = 10_000;
const BLOCK = 100;
const CANDIDATES = 8;

/**
 * The two host ports of a slot: while one is held by a process, its successor takes the other. An engine that chooses
 * a port itself chooses another one each time it restarts the container; these stay, so that a load balancer can be
 * told of both beforehand.
 */
export function portsOfSlot(app: string, type: ProcessType, index: number): readonly number[] {
  return type.bind.port === undefined ? pairIn(0, app, type.name, index) : [type.bind.port];
}

/**
 * The host ports to try for one process, best first: its slot's own, then the same seats in other blocks.
 *
 * @param taken ports of this app's other processes on the host
 */
export function hostPortsFor(app: string, type: ProcessType, index: number, taken: ReadonlySet<number>): number[] {
  if (type.bind.port !== undefined) return [type.bind.port];
  const ports: number[] = [];
  for (let block = 0; ports.length < CANDIDATES && block < COUNT / BLOCK; block++) {
    ports.push(...pairIn(block, app, type.name, index).filter((port) => !taken.has(port)));
  }
  return ports;
}

/** Each type has a block of ports, in which each slot has its pair. */
function pairIn(block: number, app: string, type: string, index: number): number[] {
  const seat = (spread(`${app}.${type}`) + block) * BLOCK + 2 * (index - 1);
  return [FIRST + (seat % COUNT), FIRST + ((seat + 1) % COUNT)];
}

function spread(text: string): number {
  let hash = 0;
  for (const letter of text) hash = (hash * 31 + (letter.codePointAt(0) ?? 0)) % (COUNT / BLOCK);
  return hash;
}
