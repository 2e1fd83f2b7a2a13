import { apply, INTERRUPTED, type Perform, type Progress } from "../apply";
import { hostName } from "../../core/values/addresses";
import type { Change } from "../../core/model/change";
import { imagesNeeded } from "../../core/model/effects";
import type { Step } from "../../core/model/change";
import { KEY_VARIABLE } from "../../core/model/environment";
import { effectOf } from "../../core/model/effects";
import { FormationError } from "../../core/values/errors";
import type { Formation } from "../../core/values/formation";
import { RESERVED_TYPES } from "../../core/values/names";
import { imageHere, isRunning, type ObservedHost } from "../../core/model/observed";
import { plan, planRemoval } from "./plan/plan";
import type { Plan } from "../../core/plan/plan";
import type { DeclaredHost, Spec } from "../../core/inputs/spec";
import { formerApps } from "./plan/former-apps";
import { identityIn, type Recorded, type RecordedHost } from "../../core/record/state";
import { isKnown } from "../../core/values/unknown";
import type { Seconds } from "../../core/values/units";
import { limit } from "../../engine/limit";
import { memoized } from "../../core/values/memoized";
import { NOTHING_HELD } from "../claiming";
import type { Orchestrator, Snapshot } from "../orchestrator";
import type { Properties } from "../../core/record/properties";
import { performStep } from "./steps";
import { hasNews, tidyClaims } from "../tidy";
import { holdClaims } from "./claims";
import { toldAddresses } from "../../core/record/former-hosts";
import { keyOfNew } from "../newcomer";
import { copyNotes } from "../../core/plan/notes";
import { planFor, planOfEmpty, reachableOr } from "./planning";
import type { HookContext } from "../hook-context";
import { observeHosts, observeRecordedHosts, roomOf, type Observation } from "./observe";

/** The docker orchestrator: Formation itself places and keeps the processes, on a short list of hosts. */
export const docker: Orchestrator = {
  planOfNew: (spec: Spec, formation: Formation): Plan => {
    const nameOf = ({ name, host }: DeclaredHost) => name ?? (isKnown<string>(host) ? hostName(host) : "host");
    const rooms = spec.hosts.length === 0 ? [roomOf("local")] : spec.hosts.map((host) => roomOf(nameOf(host), host));
    return plan({ spec, formation, rooms, identity: { owner: "", key: "" } }, reachableOr(rooms, []));
  },
  observe: async (spec: Spec, state: Recorded, context: HookContext): Promise<Snapshot<Step>> => {
    const world = await observeHosts(spec, state, context);
    return {
      ...siteOf(world),
      key: async () =>
        (await keyOfInstances(world)) ?? keyOfNew(spec, world, context, () => observeHosts(spec, state, context)),
      hold: async (planned, latest) => {
        refuseUnpulled(planned, world);
        return holdClaims(spec, planned, world, latest, context);
      },
      tidy: (latest) => tidyClaims(world, latest, spec.app, context.run),
      planOfNew: (formation) => planOfEmpty(spec, formation, world.rooms, world.observed, context),
      plan: (formation, latest) => planFor(spec, formation, world, latest, context),
      prepare: (planned) => pullWhereNeeded(spec, planned, world, context),
      toRemember: (before) => memoryOf(world, before, spec, state, context.run),
    };
  },
  observeRecorded: async (state: Recorded, context: HookContext): Promise<Snapshot<Step>> => {
    const world = await observeRecordedHosts(state, context);
    return { ...siteOf(world), tidy: (latest) => tidyClaims(world, latest, undefined, context.run) };
  },
};

/** The parts of a snapshot that need no spec: a delete has no more than these. */
function siteOf({ observed, hosts, rooms, astray }: Observation): Snapshot<Step> {
  return {
    observed,
    plan: () => ({ changes: [], blocked: [], shortages: [], notes: [] }),
    planOfNew: () => ({ changes: [], blocked: [], shortages: [], notes: [] }),
    claims: observed.flatMap(({ claims = [] }) => claims),
    ...(astray === undefined ? {} : { astray }),
    removal: () => {
      const within = observed.map((host) => ({
        ...host,
        instances: host.instances.filter((instance) => instance.state !== "unknown"),
      }));
      return { changes: planRemoval(within), blocked: [], notes: copyNotes(observed) };
    },
    prepare: () => Promise.resolve(false),
    stopping: (changes) => {
      const running = new Set(
        observed.flatMap((host) => host.instances.filter(isRunning).map((instance) => instance.container)),
      );
      const ends = (step: Step) => running.has(effectOf(step).stops ?? "");
      return changes.filter((change) => change.steps.some(ends));
    },
    apply: (changes, progress) => apply(changes, dockerSteps(hosts, progress), progress),
    key: () => Promise.resolve(undefined),
    hold: () => Promise.resolve(NOTHING_HELD),
    tidy: () => Promise.resolve(),
    isWrittenOff: (host) => rooms.some((room) => room.name === host && room.abandoned),
    toRemember: () => ({}),
  };
}

/** Starts that may be under way at once on each host: as many as it takes calls in flight. */
const STARTS_AT_ONCE = 8;

/**
 * Carries out steps, with a limit of starts for each host. All starts may begin at once, but most then wait for their
 * turn: an interruption stops the waiting ones, too.
 */
function dockerSteps(hosts: Observation["hosts"], { line, sleep, stopped }: Progress): Perform<Step> {
  const gateOf = memoized((_: string) => limit(STARTS_AT_ONCE));
  /**
   * Changes that have touched a process: each is finished even after an interruption, so that nothing is left stopped.
   */
  const begun = new Set<unknown>();
  const refuseInterrupted = () => {
    if (stopped()) throw new FormationError("Interrupted", INTERRUPTED);
  };
  /** Sleeps until the time is over or the update is interrupted. */
  const pause = async (seconds: Seconds) => {
    for (let left = seconds; left > 0; left--) {
      await sleep(Math.min(1, left));
      refuseInterrupted();
    }
  };
  return async (step, change) => {
    const host = hosts.get(change.host);
    if (host === undefined) throw new FormationError("HostUnreachable", `no host ${change.host}`);
    const run = { host, line: (text: string) => line(change, text), sleep: pause };
    const perform = () => {
      if (effectOf(step).isHarmless !== true) begun.add(change);
      return performStep(run, step, step.op);
    };
    if (effectOf(step).makes === undefined) return perform();
    return gateOf(change.host)(() => {
      if (!begun.has(change)) refuseInterrupted();
      return perform();
    });
  };
}

/** Refuses an image that is still missing, as a pull may end too early without an error. @throws ImageMissing */
function refuseUnpulled({ changes }: Plan, { observed }: Observation): void {
  const [lacking] = lackingImages(changes, observed);
  if (lacking === undefined) return;
  const what = `image ${lacking.image} is not on ${lacking.host}, although its pull ended without an error`;
  throw new FormationError("ImageMissing", what, { hint: "run up again: it goes on with the pull" });
}

/** Pulls images before anything is stopped. @returns true when anything was pulled */
async function pullWhereNeeded(
  spec: Spec,
  { changes }: Plan,
  { observed, hosts }: Observation,
  context: HookContext,
): Promise<boolean> {
  const lacking = spec.pull === "always" ? imagesNeeded(changes) : lackingImages(changes, observed);
  await Promise.all(
    lacking.map(async ({ host, image }) => {
      await hosts.get(host)?.pull(image, spec, (text) => context.progress(text));
    }),
  );
  return lacking.length > 0;
}

function lackingImages(changes: readonly Change[], observed: readonly ObservedHost[]) {
  return imagesNeeded(changes).filter(({ host, image }) => {
    const seen = observed.find(({ name }) => name === host);
    return seen !== undefined && imageHere(seen, image)?.id === undefined;
  });
}

/** The digests' key, read from the formation's own containers when the state is older than the key. */
async function keyOfInstances({ observed, hosts }: Observation): Promise<string | undefined> {
  for (const { name, unreachable, instances } of observed) {
    const instance = unreachable === undefined ? instances.find(({ type }) => !RESERVED_TYPES.has(type)) : undefined;
    if (instance !== undefined) return hosts.get(name)?.variable(instance.container, KEY_VARIABLE);
  }
  return undefined;
}

function memoryOf(
  { observed, former, rooms }: Observation,
  before: readonly ObservedHost[],
  spec: Spec,
  state: Recorded,
  run: string,
): Properties {
  const identity = identityIn(state);
  const told = toldAddresses(before, (claim) => claim.identity === identity);
  const isSeen = ({ address }: ObservedHost) => state.__engines[address] !== undefined || told.has(address);
  // Includes hosts that became unreachable during the update. A host that no update ever reached has no part of the
  // formation.
  const engines = [...before, ...observed].filter((host) => host.unreachable === undefined || isSeen(host));
  const isWrittenOff = (host: string) => rooms.some((room) => room.name === host && room.abandoned);
  const counted = observed.filter((host) => host.unreachable === undefined || !isWrittenOff(host.name));
  const asFormer = (host: ObservedHost): RecordedHost[] => {
    const entry = former.get(host.name);
    if (entry === undefined) return [];
    const { left: _, ...rest } = entry;
    if (host.unreachable !== undefined || host.instances.length > 0) return [rest];
    return hasNews(host, run) ? [{ ...rest, left: true }] : [];
  };
  const __former = observed.flatMap(asFormer);
  const left = new Set(__former.flatMap((entry) => (entry.left === true ? entry.host : [])));
  return {
    __engines: Object.fromEntries(engines.map((host) => [host.address, host.engine])),
    __names: Object.fromEntries(observed.flatMap(({ address, name }) => (left.has(address) ? [] : [[address, name]]))),
    __former,
    __formerApps: formerApps(state, counted, spec.app),
  };
}
