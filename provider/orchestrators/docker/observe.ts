import { isOwnFirst, latestClaims, type Claim } from "../../core/model/claim";
import { explain, hasCode } from "../../core/values/errors";
import { areOne, otherEngineRefusal, sameEngineRefusal, withoutSharedIds } from "../../core/record/engines";
import type { ObservedHost, Query } from "../../core/model/observed";
import type { Room } from "./plan/placement";
import { imagesOf, type Spec } from "../../core/inputs/spec";
import { networkNames } from "../../core/inputs/container/networks";
import { askerOf, rememberedOn, type Recorded, type RecordedHost } from "../../core/record/state";
import { formerHosts } from "../../core/record/former-hosts";
import type { Host } from "./host/host";
import { volumesIn } from "../../core/inputs/container/mounts";
import { declaredHosts } from "../../core/record/properties";
import type { HookContext } from "../hook-context";

export interface Observation {
  readonly hosts: ReadonlyMap<string, Host>;
  readonly observed: readonly ObservedHost[];
  readonly rooms: readonly Room[];
  /** Hosts that are no longer declared, but may still have processes. */
  readonly former: ReadonlyMap<string, RecordedHost>;
  /** Reason why the engine that was found in the environment cannot be reached, if it cannot. */
  readonly astray?: string;
}

/** Observes, side by side, every host that has, or is to have, a part of the formation. */
export async function observeHosts(spec: Spec, state: Recorded, context: HookContext): Promise<Observation> {
  const query: Query = {
    ...askerOf(spec.app, state, context.owner),
    fixedPorts: spec.types.flatMap((type) => type.bind.port ?? []),
    images: imagesOf(spec),
    networks: networkNames(spec),
    volumes: [...new Set([spec, ...spec.types].flatMap(({ settings }) => volumesIn(settings)))],
    ...(spec.pull === "always" ? { registryAuth: spec.registryAuth } : {}),
  };
  const declared = declaredHosts(spec);
  const isOwn = (claim: Claim) =>
    query.identity === undefined
      ? isOwnFirst(claim, context) || claim.identity === spec.takeOver
      : claim.identity === query.identity;
  const first = await observeAll(declared, query, state, context, isOwn);
  const more = otherNames(first.observed, query, isOwn);
  const apps = [...query.apps, ...more];
  const { hosts, observed, former, astray } =
    more.length === 0 ? first : await observeAll(declared, { ...query, apps }, state, context, isOwn);
  return {
    hosts: new Map([...hosts, ...former.map(({ host }) => host)].map((host) => [host.name, host])),
    observed,
    rooms: hosts.map((host, at) => roomOf(host.name, declared?.[at])),
    former: new Map(former.map(({ host, entry }) => [host.name, entry])),
    ...(astray === undefined ? {} : { astray }),
  };
}

/** Other names of the app that no state records: of a first deployment that died, or of a formation taken over. */
function otherNames(
  observed: readonly ObservedHost[],
  { apps, identity }: Query,
  isOwn: (claim: Claim) => boolean,
): string[] {
  if (identity !== undefined) return [];
  const own = observed.flatMap(({ claims = [] }) => latestClaims(claims).filter(isOwn));
  return [...new Set(own.map(({ app }) => app))].filter((app) => !apps.includes(app)).sort();
}

/** The rules of a host for placement. @param declared its entry in `hosts`, if it has one */
export function roomOf(name: string, declared: object = {}): Room {
  const { labels = {}, maxProcesses = Infinity, abandoned = false } = declared as Partial<Room>;
  return { name, labels, maxProcesses, abandoned };
}

/** Observes every host that the formation was ever on, as a delete needs it. */
export async function observeRecordedHosts(state: Recorded, context: HookContext): Promise<Observation> {
  const query: Query = { ...askerOf(state.__app ?? context.name, state, context.owner), fixedPorts: [] };
  // Starts from the recorded hosts: the environment may lead elsewhere now.
  const { hosts, observed, former, astray } = await observeAll(
    state.hosts,
    query,
    state,
    context,
    (claim) => claim.identity === query.identity,
  );
  return {
    hosts: new Map([...hosts, ...former.map(({ host }) => host)].map((host) => [host.name, host])),
    observed,
    rooms: hosts.map((host, at) => {
      const isGone = context.isWrittenOff(host.name) || context.isWrittenOff(host.address);
      return roomOf(host.name, { ...state.hosts?.[at], ...(isGone ? { abandoned: true } : {}) });
    }),
    former: new Map(),
    ...(astray === undefined ? {} : { astray }),
  };
}

interface Former {
  readonly host: Host;
  readonly entry: RecordedHost;
}

async function observeAll(
  declared: readonly RecordedHost[] | undefined,
  query: Query,
  state: Recorded,
  context: HookContext,
  isOwn: (claim: Claim) => boolean,
) {
  const hosts = context.connect(declared);
  const observe = (host: Host) => observeOrRemember(host, query, state);
  const first = await Promise.all(hosts.map(observe));
  const isFound = declared === undefined && state.hosts === undefined;
  const isGone = ({ host, name = host }: RecordedHost) => context.isWrittenOff(name) || context.isWrittenOff(host);
  const vouched = (declared ?? hosts.map(({ address: host, name }): RecordedHost => ({ host, name }))).map((entry) =>
    isGone(entry) ? { ...entry, abandoned: true } : entry,
  );
  const refusal = sameEngineRefusal(first) ?? otherEngineRefusal(state, first, vouched, isFound);
  if (refusal !== undefined) throw refusal;
  const observed = withoutSharedIds(first);
  const astray = declared === undefined ? observed[0]?.unreachable : undefined;
  const former: Former[] = [];
  const names = new Set(hosts.map((host) => host.name));
  // An engine's claim may name another one that an update has begun to use.
  for (let more = true; more && astray === undefined;) {
    const next = formerHosts(
      state,
      observed,
      isOwn,
      (entry) => entry.abandoned === true || isGone(entry) || former.some((former) => former.entry.host === entry.host),
    ).flatMap((entry) => connectFormer(entry, names, context));
    former.push(...next);
    const all = await Promise.all(next.map(async (former) => ({ ...former, seen: await observe(former.host) })));
    // A host that was left has no process: switched off, it must not hold up an update.
    const seen = all.flatMap((one) => (one.seen.unreachable !== undefined && one.entry.left === true ? [] : one.seen));
    const other = otherEngineRefusal(state, seen, undefined, false);
    if (other !== undefined) throw other;
    observed.push(...seen.filter((host) => !observed.some((one) => areOne(one, host))));
    more = next.length > 0;
  }
  return { hosts, observed: withoutSharedIds(observed), former, ...(astray === undefined ? {} : { astray }) };
}

function connectFormer({ name: given, ...entry }: RecordedHost, names: Set<string>, context: HookContext): Former[] {
  const name = given === undefined || names.has(given) ? `${given ?? "host"} (former)` : given;
  names.add(name);
  const [host] = context.connect([{ ...entry, name }]);
  return host === undefined ? [] : [{ host, entry: { ...entry, name } }];
}

async function observeOrRemember(host: Host, query: Query, state: Recorded): Promise<ObservedHost> {
  try {
    return await host.observe(query);
  } catch (error) {
    if (!hasCode(error, "HostUnreachable")) throw error;
    const { name, address } = host;
    const instances = rememberedOn(state, state.__names[address] ?? name, query.apps[0] ?? "");
    return {
      name,
      address,
      engine: state.__engines[address] ?? "",
      unreachable: explain(error),
      isLasting: (error as { readonly isLasting?: boolean }).isLasting === true,
      instances: instances.map((instance) => ({ ...instance, host: name })),
      strangers: [],
    };
  }
}
