import type { ProcessType } from "./spec";

// Below the range that Linux hands out for outgoing connections, so that those never take one of ours.
const FIRST = 20_000;
const COUNT = 10_000;
const CANDIDATES = 8;

/**
 * The host ports to try for one process, best first. An engine that chooses a port itself chooses another one each
 * time it restarts the container; these stay, and so do the endpoints that a load balancer was given.
 *
 * @param taken ports of this app's other processes on the host
 * @param own the port that the slot had before
 */
export function hostPortsFor(
  app: string,
  type: ProcessType,
  index: number,
  taken: ReadonlySet<number>,
  own?: number,
): number[] {
  if (type.bind.port !== undefined) return [type.bind.port];
  const ports = own === undefined ? [] : [own];
  // A block of 100 for each type, in which a process has its index; then the same seat in other blocks.
  for (let block = 0; ports.length < CANDIDATES && block < COUNT / 100; block++) {
    const port = FIRST + (((spread(`${app}.${type.name}`) + block) * 100 + index - 1) % COUNT);
    if (!taken.has(port) && !ports.includes(port)) ports.push(port);
  }
  return ports;
}

function spread(text: string): number {
  let hash = 0;
  for (const letter of text) hash = (hash * 31 + (letter.codePointAt(0) ?? 0)) % (COUNT / 100);
  return hash;
}
