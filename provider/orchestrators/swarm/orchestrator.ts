import { apply } from "../apply";
import { slotOf } from "../../core/model/change";
import { FormationError } from "../../core/values/errors";
import type { Formation } from "../../core/values/formation";
import { isRunning, type ObservedHost } from "../../core/model/observed";
import type { Plan } from "../../core/plan/plan";
import type { Spec } from "../../core/inputs/spec";
import { identityIn, type Recorded } from "../../core/record/state";
import { formerAppsIn } from "./plan/former-apps";
import { hostsOf, SWARM } from "./plan/instances";
import { planSwarm, planSwarmRemoval } from "./plan/plan";
import { absentNetwork, claimOfOther, swarmLimitRefusal, swarmRefusal } from "./plan/refusals";
import type { SwarmStep } from "./plan/step";
import { keepsReleases } from "../../core/inputs/operator-request";
import { claimedRefusal, NOTHING_HELD } from "../claiming";
import type { Orchestrator, Snapshot } from "../orchestrator";
import { copyNotes, untilThen } from "../../core/plan/notes";
import { declaredHosts } from "../../core/record/properties";
import { holdOnSwarm, keyOnSwarm, refuseOthers, tidySwarm, type SwarmGround } from "./claims";
import { lookAtSwarm, lookBackAtSwarm, type LostSwarm } from "./observe";
import { swarmSteps } from "./steps";
import type { HookContext } from "../hook-context";

/**
 * The swarm orchestrator: a Docker Swarm places and keeps the processes; Formation tells it what is wanted, and waits
 * until it is there.
 */
export const swarm: Orchestrator = {
  planOfNew: planOnEmpty,
  observe: async (spec, state, context) => {
    const managers = await context.managers(declaredHosts(spec));
    const seen = await lookAtSwarm(spec, managers, state, context);
    return "lost" in seen ? lostSite(seen, state, context, spec) : siteOf(seen, state, context, spec);
  },
  observeRecorded: async (state, context) => {
    const managers = await context.managers(state.hosts);
    const seen = await lookBackAtSwarm(managers, state, context);
    return "lost" in seen ? lostSite(seen, state, context) : siteOf(seen, state, context);
  },
};

function planOnEmpty(spec: Spec, formation: Formation): Plan<SwarmStep> {
  return planSwarm(
    { spec, formation, identity: { owner: "", key: "" } },
    { cluster: "", address: "", services: [], tasks: [], nodes: [], secrets: [], claims: [], strangers: [] },
  );
}

function siteOf(ground: SwarmGround, state: Recorded, context: HookContext, spec?: Spec): Snapshot<SwarmStep> {
  const { own, managers } = ground;
  const observed = hostsOf(own);
  const again = (wanted: Spec, latest: Recorded) => async () => {
    const seen = await lookAtSwarm(wanted, managers, latest, context);
    if ("lost" in seen) throw new FormationError("HostUnreachable", seen.lost);
    return seen;
  };
  const notes = copyNotes([{ name: SWARM, copies: own.copies }]);
  const site: Snapshot<SwarmStep> = {
    observed,
    claims: own.claims,
    planOfNew: (formation) => site.plan(formation, state),
    plan: (formation, latest) => {
      if (spec === undefined) return NOTHING;
      const identity = { owner: context.owner, key: latest.__key ?? "" };
      const released = latest.__released === undefined ? {} : { released: latest.__released };
      const abandonedNodes = [...spec.abandonedNodes, ...writtenOff(ground, context)];
      const wanted = { spec: { ...spec, abandonedNodes }, formation, identity, ...released };
      const planned = planSwarm({ ...wanted, keepsReleases: keepsReleases(context.request) }, own);
      refuseOthers(own, spec.app);
      // A formation without processes whose state was lost has nothing left but its claims.
      const claim = claimOfOther(own, spec.app, [identityIn(latest), spec.takeOver]);
      const refusal =
        claim === undefined
          ? (swarmRefusal(planned, own) ?? swarmLimitRefusal(planned, own, spec))
          : claimedRefusal(claim, SWARM);
      if (refusal !== undefined) throw refusal;
      const absent = absentNetwork(planned, own, spec);
      if (absent !== undefined && context.awaits !== true) throw absent;
      const missing = absent === undefined ? [] : [untilThen(absent)];
      return { ...planned, notes: [...planned.notes, ...missing, ...notes] };
    },
    removal: () => ({
      ...planSwarmRemoval(own, [...state.abandonedNodes, ...writtenOff(ground, context)]),
      notes,
    }),
    prepare: () => Promise.resolve(false),
    stopping: (changes) => stoppingOf(changes, observed),
    apply: (changes, progress) =>
      apply(changes, swarmSteps(managers, own, spec?.registryAuth ?? [], progress), progress),
    key: () =>
      spec === undefined ? Promise.resolve(undefined) : keyOnSwarm(spec, ground, context, again(spec, state)),
    hold: (_, latest) =>
      spec === undefined
        ? Promise.resolve(NOTHING_HELD)
        : holdOnSwarm(spec, ground, latest, context, again(spec, latest)),
    tidy: (latest) => tidySwarm(ground, latest, spec?.app),
    isWrittenOff: () => false,
    toRemember: () => ({
      __cluster: own.cluster,
      ...(spec === undefined ? {} : { __formerApps: formerAppsIn(state, own, spec.app) }),
    }),
  };
  return site;
}

const NOTHING = { changes: [], blocked: [], shortages: [], notes: [] };

/** The snapshot of an unreachable Swarm: nothing is known, and nothing is done. */
function lostSite(seen: LostSwarm, state: Recorded, context: HookContext, spec?: Spec): Snapshot<SwarmStep> {
  const isGone = isSwarmWrittenOff(state, context);
  const word = state.__cluster ?? state.hosts?.[0]?.host ?? SWARM;
  const why = `${seen.lost}; if it is gone for good: pulumi config set --path 'formation:abandoned[0]' ${word}, then destroy again`;
  return {
    observed: seen.hosts,
    claims: [],
    planOfNew: (formation) => (spec === undefined ? NOTHING : planOnEmpty(spec, formation)),
    plan: () => NOTHING,
    removal: () => ({
      changes: [],
      blocked: isGone ? [] : [{ slot: state.__app ?? context.name, host: SWARM, why }],
      notes: [],
    }),
    prepare: () => Promise.resolve(false),
    stopping: (changes) => stoppingOf(changes, seen.hosts),
    apply: (changes, progress) =>
      apply(changes, () => Promise.reject(new FormationError("HostUnreachable", seen.lost)), progress),
    key: () => Promise.resolve(undefined),
    hold: () => Promise.resolve(NOTHING_HELD),
    tidy: () => Promise.resolve(),
    isWrittenOff: () => false,
    toRemember: () => ({
      __cluster: state.__cluster,
      ...(spec === undefined ? {} : { __formerApps: formerAppsIn(state, undefined, spec.app) }),
    }),
  };
}

function stoppingOf(changes: Parameters<Snapshot<SwarmStep>["stopping"]>[0], observed: readonly ObservedHost[]) {
  const running = new Set(observed.flatMap((host) => host.instances.filter(isRunning)).map(slotOf));
  return changes.filter(
    (change) => (change.verb === "replace" || change.verb === "remove") && running.has(slotOf(change)),
  );
}

/** Nodes that are written off: a person vouches in the stack's config for their being off. */
function writtenOff({ own }: SwarmGround, { isWrittenOff }: HookContext): string[] {
  const names = own.nodes.filter(({ id, name }) => isWrittenOff(name) || isWrittenOff(id)).map(({ id }) => id);
  const removed = own.tasks.flatMap(({ node }) => (node !== undefined && isWrittenOff(node) ? [node] : []));
  return [...new Set([...names, ...removed])];
}

function isSwarmWrittenOff({ __cluster, hosts = [] }: Recorded, { isWrittenOff }: HookContext): boolean {
  if (__cluster !== undefined && isWrittenOff(__cluster)) return true;
  return hosts.length > 0 && hosts.every(({ host, name = host }) => isWrittenOff(host) || isWrittenOff(name));
}
