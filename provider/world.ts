import { slotOf, type Change } from "./core/change";
import { KEY_VARIABLE } from "./core/environment";
import { explain, FormationError, hasCode } from "./core/errors";
import type { Formation } from "./core/formation";
import type { ObservedHost } from "./core/observed";
import type { Room } from "./core/placement";
import { plan, type Plan } from "./core/plan";
import { conflictRefusal, imageRefusal, missingImageRefusal, ownerRefusal } from "./core/refusals";
import type { Spec } from "./core/spec";
import { STOPS_UNASKED, type ByApp, type Request } from "./core/request";
import { formerShares, rememberedOn, type Recorded, type RecordedHost } from "./core/state";
import { UNKNOWN } from "./core/unknown";
import type { Seconds } from "./core/units";
import type { Host } from "./hosts/host";
import type { Swarm } from "./hosts/swarm";
import { declaredHosts } from "./properties";

/** What the lifecycle needs of the world around it. */
export interface Surroundings {
  /** `project/stack` and the resource's name. */
  readonly owner: string;
  readonly name: string;
  /** Stack config `formation:scale`. */
  readonly scaleConfig: ByApp;
  /** Stack config `formation:restartedAt`. */
  readonly restartConfig?: ByApp;
  /** What an operator asks for, if it is not a deployment. */
  readonly request?: Request;
  /** The hosts that were declared, or the one that is found in the surroundings. */
  readonly connect: (hosts: readonly RecordedHost[] | undefined) => Host[];
  /** The Swarm whose managers these are. */
  readonly managers: (hosts: readonly RecordedHost[] | undefined) => Promise<Swarm>;
  readonly actor: () => Promise<string>;
  /** Seconds since the epoch. */
  readonly now: () => number;
  readonly sleep: (seconds: Seconds) => Promise<void>;
  readonly say: (text: string, level?: "info" | "warning") => void;
  readonly progress: (text: string) => void;
  readonly interrupted: () => boolean;
}

export interface World {
  readonly hosts: ReadonlyMap<string, Host>;
  readonly observed: readonly ObservedHost[];
  readonly rooms: readonly Room[];
  /** Hosts that are no longer declared, but may still have processes. */
  readonly former: ReadonlyMap<string, RecordedHost>;
}

/** One look, side by side, at every host that has, or is to have, a part of the formation. */
export async function look(spec: Spec, state: Recorded, around: Surroundings): Promise<World> {
  const declared = declaredHosts(spec);
  const hosts = around.connect(declared);
  const apps = [...new Set([spec.app, state.__app ?? spec.app])];
  const fixedPorts = spec.types.flatMap((type) => type.bind.port ?? []);
  const query = {
    ...{ apps, fixedPorts },
    ...(spec.image === UNKNOWN ? {} : { image: spec.image }),
    ...(spec.pull === "always" ? { registryAuth: spec.registryAuth } : {}),
  };
  const observe = (host: Host) => observeOrRemember(host, query, state, around.owner);

  const observed = await Promise.all(hosts.map(observe));
  refuseOtherEngine(state, observed, declared === undefined && state.hosts === undefined);
  refuseSameEngine(observed);
  const former = formerHosts(state, observed, around, new Set(hosts.map((host) => host.name)));
  const rooms = hosts.map((host, at) => roomOf(host.name, declared?.[at]));
  return {
    hosts: new Map([...hosts, ...former.map(({ host }) => host)].map((host) => [host.name, host])),
    observed: [...observed, ...(await Promise.all(former.map(({ host }) => observe(host))))],
    rooms,
    former: new Map(former.map(({ host, entry }) => [host.name, entry])),
  };
}

/** A host as placing sees it. @param declared its entry in `hosts`, if it has one */
export function roomOf(name: string, declared: object = {}): Room {
  const { labels = {}, maxProcesses = Infinity, abandoned = false } = declared as Partial<Room>;
  return { name, labels, maxProcesses, abandoned };
}

/** One look at every host that the formation was ever on: what a delete needs. */
export async function lookBack(state: Recorded, around: Surroundings): Promise<Pick<World, "hosts" | "observed">> {
  const hosts = around.connect(state.hosts);
  const query = { apps: [state.__app ?? around.name], fixedPorts: [] };
  const observe = (host: Host) => observeOrRemember(host, query, state, around.owner);
  const observed = await Promise.all(hosts.map(observe));
  refuseOtherEngine(state, observed, state.hosts === undefined);
  const former = formerHosts(state, observed, around, new Set(hosts.map((host) => host.name))).map(({ host }) => host);
  return {
    hosts: new Map([...hosts, ...former].map((host) => [host.name, host])),
    observed: [...observed, ...(await Promise.all(former.map(observe)))],
  };
}

async function observeOrRemember(
  host: Host,
  query: Parameters<Host["observe"]>[0],
  state: Recorded,
  owner: string,
): Promise<ObservedHost> {
  try {
    return await host.observe(query);
  } catch (error) {
    if (!hasCode(error, "HostUnreachable")) throw error;
    const { name, address } = host;
    const instances = rememberedOn(state, state.__names[address] ?? name, query.apps[0] ?? "", owner);
    const here = instances.map((one) => ({ ...one, host: name }));
    return {
      name,
      address,
      engine: state.__engines[address] ?? "",
      lost: explain(error),
      instances: here,
      strangers: [],
    };
  }
}

/** Hosts that were declared once, or found, and are not now; a person has written off those that are abandoned. */
function formerHosts(
  state: Recorded,
  observed: readonly ObservedHost[],
  around: Surroundings,
  names: Set<string>,
): { readonly host: Host; readonly entry: RecordedHost }[] {
  // One that was never seen, such as a misspelt one, cannot have any.
  const seen = (state.hosts ?? []).filter(({ host }) => state.__engines[host] !== undefined);
  const found = state.hosts === undefined ? Object.keys(state.__engines).map((host) => ({ host })) : [];
  const known: RecordedHost[] = [...seen, ...found, ...state.__former];
  const here = new Set(observed.flatMap((host) => [host.address, host.engine]));
  const gone = known.filter(
    (entry) => !here.has(entry.host) && !here.has(state.__engines[entry.host] ?? "") && entry.abandoned !== true,
  );
  const unique = new Map(
    gone.map((entry) => [entry.host, { ...entry, name: state.__names[entry.host] ?? entry.name }]),
  );
  return [...unique.values()].flatMap(({ name: given, ...entry }) => {
    const name = given === undefined || names.has(given) ? `${given ?? "host"} (former)` : given;
    const [host] = around.connect([{ ...entry, name }]);
    return host === undefined ? [] : [{ host, entry: { ...entry, name } }];
  });
}

/** @param found when the engine is the one found in the surroundings, now as before */
function refuseOtherEngine(state: Recorded, observed: readonly ObservedHost[], found: boolean): void {
  const before = Object.entries(state.__engines);
  for (const host of observed.filter((one) => one.lost === undefined)) {
    const same = before.find(([address]) => address === host.address);
    const [address, engine] = same ?? (found ? (before[0] ?? []) : []);
    if (engine === undefined || engine === host.engine) continue;
    throw new FormationError(
      "EngineMismatch",
      `the formation runs on engine ${engine} (${address ?? ""}), but ${host.name} (${host.address}) is engine ${host.engine}`,
      { hint: "set hosts or DOCKER_HOST back to the first, or destroy the formation there before moving it" },
    );
  }
}

function refuseSameEngine(observed: readonly ObservedHost[]): void {
  for (const [at, host] of observed.entries()) {
    const twin = observed.slice(0, at).find((one) => one.engine === host.engine && one.engine !== "");
    if (twin === undefined) continue;
    throw new FormationError(
      "InvalidInput",
      `hosts ${twin.name} and ${host.name} are the same engine, ${host.engine}`,
      {
        hint: "leave one of them out",
      },
    );
  }
}

/** The plan, unless something on a host forbids any change at all. */
export function planFor(spec: Spec, formation: Formation, world: World, state: Recorded, around: Surroundings): Plan {
  const { rooms, observed } = world;
  const identity = { owner: around.owner, key: state.__key ?? "" };
  const made = plan(
    {
      ...{ spec, formation, rooms, identity, former: formerShares(state) },
      ...(state.instances === undefined ? {} : { remembered: new Set(state.instances.map((one) => one.container)) }),
      ...(state.__released === undefined ? {} : { released: state.__released }),
      rebalance: typeof spec.rebalance === "string" && spec.rebalance !== state.__rebalanced,
    },
    observed,
  );
  const refusal =
    ownerRefusal(observed, around.owner) ??
    imageRefusal(observed, spec) ??
    missingImageRefusal(made.changes, observed, spec) ??
    conflictRefusal(made.changes, observed, spec) ??
    (made.shortages.length === 0 ? undefined : new FormationError("NoRoom", made.shortages.join("\n")));
  if (refusal !== undefined) throw refusal;
  return made;
}

/** An operator who was not told that running processes are stopped has to be told first. */
export function refuseStops(stopped: readonly Change<unknown>[]): void {
  if (stopped.length === 0) return;
  const slots = stopped.map((change) => `${slotOf(change)} (${change.cause})`).join(", ");
  throw new FormationError("Unconfirmed", `${STOPS_UNASKED}: ${slots}`, { hint: "say --yes if that is meant" });
}

/** The digests' key as the app's own containers hold it, when the state has lost it. */
export async function keyOnHost({ observed, hosts }: Pick<World, "observed" | "hosts">): Promise<string | undefined> {
  for (const host of observed.filter((one) => one.lost === undefined)) {
    const [instance] = host.instances;
    if (instance !== undefined) return hosts.get(host.name)?.variable(instance.container, KEY_VARIABLE);
  }
  return undefined;
}
