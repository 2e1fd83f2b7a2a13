import { FormationError } from "../values/errors";
import type { ObservedHost } from "../model/observed";
import { identityIn, type Recorded, type RecordedHost } from "./state";

// Tells which engine answers at an address. An id is a hint: it changes when an engine is installed anew, clones of one
// machine share it, and Podman makes up a new one for each call. The proof is that our containers are there, or our
// claim, made under that very address.

/** Refuses two hosts that are one engine: everything there would be counted, and started, twice. */
export function sameEngineRefusal(observed: readonly ObservedHost[]): FormationError | undefined {
  for (const [at, host] of observed.entries()) {
    const twin = observed.slice(0, at).find((one) => areOne(one, host));
    if (twin === undefined) continue;
    return new FormationError(
      "InvalidInput",
      `hosts ${twin.name} and ${host.name} are the same engine, ${host.engine}`,
      {
        hint: "leave one of them out; if they are clones of one machine, remove /etc/docker/key.json and /var/lib/docker/engine-id on one of them and restart Docker there",
      },
    );
  }
  return undefined;
}

/**
 * True when two addresses lead to one engine: a container is on one engine only. Machines of different names are
 * clones, whatever else they have in common; so are engines of one id that hold different containers.
 */
export function areOne(host: ObservedHost, other: ObservedHost): boolean {
  if (host.unreachable !== undefined || other.unreachable !== undefined || host.machine !== other.machine) return false;
  if (host.engine !== other.engine && host.engine !== "" && other.engine !== "") return false;
  const [mine, others] = [host.containers ?? [], new Set(other.containers ?? [])];
  if (mine.length === 0 && others.size === 0) return host.engine !== "" && host.engine === other.engine;
  return mine.some((id) => others.has(id));
}

/** The same hosts, without ids that clones share: such an id tells nobody anything. */
export function withoutSharedIds(observed: readonly ObservedHost[]): ObservedHost[] {
  const isShared = (host: ObservedHost) =>
    observed.some((one) => one !== host && one.engine === host.engine && one.address !== host.address);
  return observed.map((host) => (host.engine !== "" && isShared(host) ? { ...host, engine: "" } : host));
}

/**
 * Refuses an address that leads to another engine than the one where the formation has processes.
 *
 * @param declared the hosts as declared, in the order of `observed`; `undefined` where the engine was found in the
 * environment
 * @param isFound true when it was found in the environment before, too
 */
export function otherEngineRefusal(
  state: Recorded,
  observed: readonly ObservedHost[],
  declared: readonly Partial<RecordedHost>[] | undefined,
  isFound: boolean,
): FormationError | undefined {
  const before = Object.entries(state.__engines);
  for (const [at, host] of observed.entries()) {
    if (host.unreachable !== undefined || host.instances.length > 0 || hasClaim(host, state)) continue;
    const same = before.find(([address]) => address === host.address);
    const [address, engine] = same ?? (isFound ? (before[0] ?? []) : []);
    if (address === undefined || engine === undefined) continue;
    // Without ids, there is only the address to compare.
    const isKnown = engine === "" || host.engine === "" ? address === host.address : engine === host.engine;
    const entry = declared?.[at];
    const isVouchedFor = entry?.abandoned === true || (entry?.replaces !== undefined && entry.replaces === engine);
    if (isKnown || isVouchedFor || !isExpectedAt(state, address)) continue;
    return new FormationError(
      "EngineMismatch",
      `the formation runs on engine ${engine} (${address}), but ${host.name} (${host.address}) is engine ${host.engine}, and has none of its containers`,
      { hint: address === host.address ? wordsFor(host, engine, declared !== undefined) : ELSEWHERE },
    );
  }
  return undefined;
}

const ELSEWHERE = "set hosts or DOCKER_HOST back to the first, or destroy the formation there before moving it";

/** The hint that lets a new engine in, where the first is gone for good. */
function wordsFor({ address }: ObservedHost, engine: string, isDeclared: boolean): string {
  const config = `pulumi config set --path 'formation:abandoned[0]' ${address}`;
  const words = isDeclared
    ? `declare hosts: [{ host: ${JSON.stringify(address)}, replaces: ${JSON.stringify(engine)} }] or, to destroy, ${config}`
    : config;
  return `correct the address; if the first engine is gone for good, ${words}`;
}

function hasClaim({ claims = [], address }: ObservedHost, state: Recorded): boolean {
  const identity = identityIn(state);
  return claims.some((claim) => claim.identity === identity && claim.address === address);
}

function isExpectedAt(state: Recorded, address: string): boolean {
  const name = state.__names[address];
  const instances = state.instances ?? [];
  return name === undefined ? instances.length > 0 : instances.some((one) => one.host === name);
}
