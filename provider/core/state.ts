import * as z from "zod";
import type { ContainerState, ObservedInstance } from "./observed";
import type { Shares } from "./pools";
import { reservedIn } from "./process-type";

/** The version of the recorded state's own shape, written into every state. */
export const STATE_VERSION = 1;

const text = z.string().optional();

/** A host as a state remembers it: enough to reach it again. Holds secrets. */
const recordedHost = z.looseObject({
  ...{ name: text, host: z.string(), caMaterial: text, certMaterial: text, keyMaterial: text, certPath: text },
  sshOpts: z.array(z.string()).optional(),
  abandoned: z.boolean().optional(),
});

const recordedInstance = z.object({
  type: z.string(),
  index: z.number(),
  host: z.string(),
  container: z.string(),
  ...{ since: text, release: text, endpoint: text },
});

const amount = z.union([z.string(), z.number()]).optional();

/** What each process of a type took. */
const recordedShares = z.object({
  connections: z.record(z.string(), z.number()).optional(),
  reservation: z.object({ cpus: amount, memory: amount }).optional(),
});

export type RecordedInstance = z.infer<typeof recordedInstance>;

/**
 * What later runs need of a recorded state. Every field has a default, so that a state written by any version can be
 * read: a field that is missing is one that its version did not have yet.
 */
export const recorded = z.object({
  __state: z.number().default(STATE_VERSION),
  /** The secret of the configuration digests. */
  __key: z.string().optional(),
  __app: z.string().optional(),
  /** Host address → engine id and → host name, where the formation was last seen. */
  __engines: z.record(z.string(), z.string()).default({}),
  __names: z.record(z.string(), z.string()).default({}),
  /** Hosts that left the list, but may still have processes. */
  __former: z.array(recordedHost).default([]),
  /** What the release command was last run for. */
  __released: z.string().optional(),
  /** The value of `rebalance` that was last carried out. */
  __rebalanced: z.string().optional(),
  /** The Swarm's own id. */
  __cluster: z.string().optional(),
  orchestrator: z.enum(["docker", "swarm"]).default("docker"),
  abandonedNodes: z.array(z.string()).default([]),
  formation: z.record(z.string(), z.number()).default({}),
  hosts: z.array(recordedHost).optional(),
  processes: z.record(z.string(), recordedShares).catch({}).default({}),
  instances: z.array(recordedInstance).optional(),
  log: z.array(z.string()).default([]),
});

export type Recorded = z.infer<typeof recorded>;
export type RecordedHost = z.infer<typeof recordedHost>;

/** What the processes of each type took when they were last declared. */
export function formerShares({ processes }: Recorded): ReadonlyMap<string, Shares> {
  return new Map(
    Object.entries(processes).map(([type, { connections = {}, reservation = {} }]) => [
      type,
      { connections, reserved: reservedIn(reservation) },
    ]),
  );
}

/** What was last seen on a host that cannot be reached now. */
export function rememberedOn(state: Recorded, host: string, app: string, owner: string): ObservedInstance[] {
  return (state.instances ?? [])
    .filter((one) => one.host === (state.__names[host] ?? host))
    .map(({ type, index, container, since, endpoint }) => ({
      ...{ host, container, name: container, app, owner, type, index, singleton: true },
      ...{ image: "", imageId: "", configuration: "", stopTimeout: 0 },
      createdAt: since === undefined ? 0 : Date.parse(since) / 1000,
      state: "unknown" satisfies ContainerState,
      ...publishedAt(endpoint),
    }));
}

function publishedAt(endpoint: string | undefined): Pick<ObservedInstance, "published"> {
  const [, address, port] = /^\[?(.*?)\]?:(\d+)$/.exec(endpoint ?? "") ?? [];
  return address === undefined ? {} : { published: { address, port: Number(port) } };
}
