import { networkInterfaces } from "node:os";
import { run } from "./run";

/**
 * Network namespaces joined by a bridge that has a namespace of its own, with a leg into the test's: ports published on
 * an engine's address can be reached from the test, and the test machine's own network is left as it is.
 */
export interface Network {
  readonly namespaces: readonly string[];
  /** Address at which the engines reach the test. */
  readonly home: string;
  readonly address: (index: number) => string;
  /** Address that leads to the same engine; no certificate names it. */
  readonly otherAddress: (index: number) => string;
  /** Takes an engine's link down or up again. */
  readonly link: (index: number, state: "up" | "down") => Promise<void>;
}

/** Makes a network. @param id of at most 12 letters, from which all names are made */
export async function makeNetwork(id: string, subnet: string, size: number): Promise<Network> {
  const bridge = bridgeOf(id);
  const namespaces = namespacesOf(id, size);
  const leg = `${id}-h`;
  await run("ip", "netns", "add", bridge);
  await run("ip", "-n", bridge, "link", "add", "br0", "type", "bridge");
  await run("ip", "-n", bridge, "link", "set", "br0", "up");
  await run(
    "ip",
    "-n",
    bridge,
    "link",
    "add",
    "host",
    "type",
    "veth",
    "peer",
    "name",
    leg,
    "netns",
    String(process.pid),
  );
  await run("ip", "-n", bridge, "link", "set", "host", "master", "br0", "up");
  const home = `${subnet}.254`;
  await run("ip", "addr", "add", `${home}/24`, "dev", leg);
  await run("ip", "link", "set", leg, "up");
  const network: Network = {
    namespaces,
    home,
    address: (index) => `${subnet}.${index + 1}`,
    otherAddress: (index) => `${subnet}.${index + 101}`,
    link: async (index, state) => {
      await run("ip", "-n", bridge, "link", "set", `v${index}`, state);
    },
  };
  for (const [index, name] of namespaces.entries()) {
    await run("ip", "netns", "add", name);
    await run("ip", "-n", bridge, "link", "add", `v${index}`, "type", "veth", "peer", "name", "eth0", "netns", name);
    await run("ip", "-n", bridge, "link", "set", `v${index}`, "master", "br0", "up");
    await run("ip", "-n", name, "addr", "add", `${network.address(index)}/24`, "dev", "eth0");
    await run("ip", "-n", name, "addr", "add", `${network.otherAddress(index)}/24`, "dev", "eth0");
    await run("ip", "-n", name, "link", "set", "eth0", "up");
    await run("ip", "-n", name, "link", "set", "lo", "up");
  }
  return network;
}

export const bridgeOf = (id: string) => `${id}-br`;

export const namespacesOf = (id: string, size: number) => Array.from({ length: size }, (_, index) => `${id}-${index}`);

/** Finds the first three numbers of a subnet in 10.64.0.0/10 that no interface here has yet. */
export function freeSubnet(random: () => number): string {
  const used = Object.values(networkInterfaces()).flatMap((all) => (all ?? []).map((one) => one.address));
  for (;;) {
    const subnet = `10.${64 + Math.floor(random() * 64)}.${Math.floor(random() * 256)}`;
    if (!used.some((address) => address.startsWith(`${subnet}.`))) return subnet;
  }
}
