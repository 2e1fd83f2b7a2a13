import * as z from "zod";
import { identityOf } from "../values/identity";
import type { ContainerState, ObservedInstance } from "../model/observed";
import type { Asker } from "../model/ownership";
import { ORCHESTRATORS } from "../inputs/traits";
import { optional, reservedIn, type Shares } from "../inputs/process-type";

/** The version of the recorded state's own shape, written into every state. */
export const STATE_VERSION = 1;

// Reading is never stricter than writing: values that no version can have meant are left out, not fatal.

const text = z.string().optional().catch(undefined);
const texts = z.record(z.string(), z.string()).catch({}).default({});
const anything = z.array(z.unknown()).catch([]).default([]);

/** The entries of a list that have a shape; the others are left out. */
const listOf = <T extends z.ZodType>(shape: T) =>
  anything.transform((all) =>
    all.flatMap((one): z.output<T>[] => {
      const read = shape.safeParse(one);
      return read.success ? [read.data] : [];
    }),
  );

const optionalListOf = <T extends z.ZodType>(shape: T) =>
  z
    .array(z.unknown())
    .optional()
    .transform((all) => (all === undefined ? undefined : listOf(shape).parse(all)));

const isCount = (entry: [string, unknown]): entry is [string, number] => typeof entry[1] === "number";

/** A host as a state remembers it: enough to reach it again. Holds secrets. */
const recordedHost = z.looseObject({
  name: text,
  host: z.string(),
  caMaterial: text,
  certMaterial: text,
  keyMaterial: text,
  certPath: text,
  sshOpts: z.array(z.string()).optional().catch(undefined),
  abandoned: z.boolean().optional().catch(undefined),
  replaces: text,
  /** True for a former host with nothing but a claim, which stays until the update that leaves the host is recorded. */
  left: z.boolean().optional().catch(undefined),
});

const recordedInstance = z.object({
  type: z.string(),
  index: z.int().min(0),
  host: z.string(),
  container: z.string(),
  since: text,
  release: text,
  endpoint: text,
});

const amount = z.union([z.string(), z.number()]).optional();

/** Usage of each process of a type, as declared. */
const recordedShares = z.object({
  connections: z.record(z.string(), z.number()).optional(),
  reservation: z.object({ cpus: amount, memory: amount }).optional(),
});

export type RecordedInstance = z.infer<typeof recordedInstance>;

/**
 * The part of a recorded state that later runs need. Every field has a default, so that a state written by any version
 * can be read: a field that is missing is one that its version did not have yet.
 */
export const recorded = z.object({
  __state: z.number().catch(STATE_VERSION).default(STATE_VERSION),
  /** The secret of the configuration digests, from which the identity follows. */
  __key: text,
  /** The same identity, for those who cannot read the secret. */
  __identity: text,
  __app: text,
  /** The last update that wrote a claim. */
  __run: text,
  /** Names that the app had and of which something may be left, with the ids of the containers last observed there. */
  __formerApps: z.record(z.string(), z.array(z.string())).catch({}).default({}),
  /** Engine id by host address, and host name by host address, where the formation was last observed. */
  __engines: texts,
  __names: texts,
  /** Hosts that left the list, but may still have processes. */
  __former: listOf(recordedHost),
  /** The release that the release command was last run for, see `releaseDigest`. */
  __released: text,
  /** The value of `rebalance` that was last carried out. */
  __rebalanced: text,
  /** The Swarm's own id. */
  __cluster: text,
  orchestrator: z.enum(ORCHESTRATORS).default("docker"),
  abandonedNodes: z.array(z.string()).catch([]).default([]),
  formation: z
    .record(z.string(), z.unknown())
    .default({})
    .transform((all) => Object.fromEntries(Object.entries(all).filter(isCount))),
  hosts: optionalListOf(recordedHost),
  processes: z.record(z.string(), recordedShares).catch({}).default({}),
  instances: optionalListOf(recordedInstance),
  log: z.array(z.string()).catch([]).default([]),
});

export type Recorded = z.infer<typeof recorded>;
export type RecordedHost = z.infer<typeof recordedHost>;

/** Usage of a process of each type, as last declared. */
export function formerShares({ processes }: Recorded): ReadonlyMap<string, Shares> {
  return new Map(
    Object.entries(processes).map(([type, { connections = {}, reservation = {} }]) => [
      type,
      { connections, reserved: reservedIn(reservation) },
    ]),
  );
}

/** The recorded formation's identity; `undefined` while there is none. */
export function identityIn({ __key: key, __identity }: Pick<Recorded, "__key" | "__identity">): string | undefined {
  return key === undefined ? __identity : identityOf(key);
}

/** The identity of a formation whose update has begun: it has its key by then. */
export function updatingIdentity({ __key = "" }: Pick<Recorded, "__key">): string {
  return identityOf(__key);
}

/** Every name that the app has or had, the one of the last update first. */
export function appsOf({ __app, __formerApps }: Recorded): string[] {
  return [...new Set([...(__app === undefined ? [] : [__app]), ...Object.keys(__formerApps)])];
}

/** Instances last observed on a host that is unreachable now. @param app the app's name, where the state has none */
export function rememberedOn(state: Recorded, host: string, app: string): ObservedInstance[] {
  const formerApp = new Map(
    Object.entries(state.__formerApps).flatMap(([name, all]) => all.map((container) => [container, name] as const)),
  );
  return (state.instances ?? [])
    .filter((one) => one.host === (state.__names[host] ?? host))
    .map(({ type, index, container, since, endpoint }) => ({
      host,
      container,
      name: container,
      app: formerApp.get(container) ?? state.__app ?? app,
      owner: "",
      type,
      index,
      singleton: true,
      image: "",
      imageId: "",
      configuration: "",
      stopTimeout: 0,
      createdAt: since === undefined ? 0 : Date.parse(since) / 1000,
      state: "unknown" satisfies ContainerState,
      ...publishedAt(endpoint),
    }));
}

function publishedAt(endpoint: string | undefined): Pick<ObservedInstance, "published"> {
  const [, address, port] = /^\[?(.*?)\]?:(\d+)$/.exec(endpoint ?? "") ?? [];
  return address === undefined ? {} : { published: { address, port: Number(port) } };
}

/** The formation as it asks an engine for its containers. @param app its name now */
export function askerOf(app: string, state: Recorded, owner: string): Asker {
  return {
    owner,
    apps: [...new Set([app, ...appsOf(state)])],
    known: new Set((state.instances ?? []).map((one) => one.container)),
    ...optional("identity", identityIn(state)),
  };
}
