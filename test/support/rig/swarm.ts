import { setTimeout as delay } from "node:timers/promises";
import type { Rig } from ".";
import { until } from "./run";

interface SwarmNode {
  readonly id: string;
  readonly name: string;
  readonly isReady: boolean;
  readonly isLeader: boolean;
}

/** Engines of a rig as one Swarm. */
export interface TestSwarm {
  /** Nodes in the order of the rig's engines, as the engine at `through` tells them. */
  nodes(through?: number): Promise<SwarmNode[]>;
  /** Index of the engine whose manager leads. */
  leader(through?: number): Promise<number>;
  drain(index: number, through?: number): Promise<void>;
  undrain(index: number, through?: number): Promise<void>;
  label(index: number, labels: Readonly<Record<string, string>>): Promise<void>;
  /** Waits until every node is ready and a manager leads. */
  settled(through?: number): Promise<void>;
}

/** Settings with which unreachable nodes and leaders are missed within some seconds, not a quarter of a minute. */
export const WATCHFUL = { Dispatcher: { HeartbeatPeriod: 2e9 }, Raft: { ElectionTick: 4, HeartbeatTick: 1 } };

/** Runs `swarm init` on the first engine; the others join as managers, or as workers from `managers` on. */
export async function formSwarm(rig: Rig, managers = rig.engines.length, spec: object = {}): Promise<TestSwarm> {
  const [first, ...others] = rig.engines;
  const listen = { ListenAddr: "0.0.0.0:2377" };
  await first!.docker.swarmInit({ ...listen, AdvertiseAddr: first!.ip, Spec: spec });
  const { JoinTokens: tokens } = (await first!.docker.swarmInspect()) as { JoinTokens: Record<string, string> };
  for (const [at, { docker, ip }] of others.entries()) {
    const JoinToken = at + 1 < managers ? tokens["Manager"]! : tokens["Worker"]!;
    await docker.swarmJoin({ ...listen, AdvertiseAddr: ip, RemoteAddrs: [`${first!.ip}:2377`], JoinToken });
  }
  const docker = (index: number) => rig.engines[index]!.docker;
  const list = (through: number) => docker(through).listNodes() as Promise<NodeInfo[]>;
  const nodes = async (through = 0) => {
    const seen = await list(through);
    return rig.engines.flatMap(({ name }) => seen.filter((one) => one.Description.Hostname === name).map(nodeOf));
  };
  const change = async (index: number, through: number, alter: (spec: NodeInfo["Spec"]) => NodeInfo["Spec"]) => {
    const node = (await list(through)).find((one) => one.Description.Hostname === rig.engines[index]!.name)!;
    await docker(through)
      .getNode(node.ID)
      .update({ version: node.Version.Index, ...alter(node.Spec) });
  };
  const swarm: TestSwarm = {
    nodes,
    leader: async (through = 0) => (await nodes(through)).findIndex((one) => one.isLeader),
    drain: (index, through = 0) => change(index, through, (spec) => ({ ...spec, Availability: "drain" })),
    undrain: (index, through = 0) => change(index, through, (spec) => ({ ...spec, Availability: "active" })),
    label: (index, Labels) => change(index, 0, (spec) => ({ ...spec, Labels })),
    settled: (through = 0) =>
      until("every node of the swarm is ready", 90, async () => {
        const seen = await Promise.race([nodes(through).catch(() => []), delay(3000).then(() => [])]);
        return (
          seen.length === rig.engines.length && seen.every((one) => one.isReady) && seen.some((one) => one.isLeader)
        );
      }),
  };
  await swarm.settled();
  return swarm;
}

interface NodeInfo {
  readonly ID: string;
  readonly Version: { readonly Index: number };
  readonly Spec: { readonly Availability: string; readonly Labels?: Readonly<Record<string, string>> };
  readonly Description: { readonly Hostname: string };
  readonly Status: { readonly State: string };
  readonly ManagerStatus?: { readonly Leader?: boolean };
}

function nodeOf(info: NodeInfo): SwarmNode {
  return {
    id: info.ID,
    name: info.Description.Hostname,
    isReady: info.Status.State === "ready",
    isLeader: info.ManagerStatus?.Leader === true,
  };
}
