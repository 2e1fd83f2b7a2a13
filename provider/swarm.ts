import { apply } from "./apply";
import { slotOf } from "./core/change";
import { FormationError } from "./core/errors";
import type { Formation } from "./core/formation";
import { isRunning, type ObservedHost } from "./core/observed";
import type { Plan } from "./core/plan";
import type { Spec } from "./core/spec";
import { identityIn, type Recorded } from "./core/state";
import { formerAppsIn } from "./core/swarm/former-apps";
import { hostsOf, SWARM } from "./core/swarm/instances";
import { planSwarm, planSwarmRemoval } from "./core/swarm/plan";
import { absentNetwork, claimOfOther, swarmLimitRefusal, swarmRefusal } from "./core/swarm/refusals";
import type { SwarmStep } from "./core/swarm/step";
import { keepsReleases } from "./core/request";
import { claimedRefusal, NOTHING_HELD } from "./claiming";
import type { Orchestrator, Site } from "./orchestrator";
import { copyNotes, untilThen } from "./core/notes";
import { declaredHosts } from "./properties";
import { holdOnSwarm, keyOnSwarm, refuseOthers, tidySwarm, type SwarmGround } from "./swarm-claims";
import { lookAtSwarm, lookBackAtSwarm, type LostSwarm } from "./swarm-look";
import { swarmSteps } from "./swarm-steps";
import type { Surroundings } from "./surroundings";

/**
 * The swarm orchestrator: a Docker Swarm places and keeps the processes; Formation tells it what is wanted, and waits
 * until it is there.
 */
export const swarm: Orchestrator = {
  planOfNew: planOnEmpty,
  look: async (spec, state, around) => {
    const managers = await around.managers(declaredHosts(spec));
    const seen = await lookAtSwarm(spec, managers, state, around);
    return "lost" in seen ? lostSite(seen, state, around, spec) : siteOf(seen, state, around, spec);
  },
  lookBack: async (state, around) => {
    const managers = await around.managers(state.hosts);
    const seen = await lookBackAtSwarm(managers, state, around);
    return "lost" in seen ? lostSite(seen, state, around) : siteOf(seen, state, around);
  },
};

function planOnEmpty(spec: Spec, formation: Formation): Plan<SwarmStep> {
  return planSwarm(
    { spec, formation, identity: { owner: "", key: "" } },
    { cluster: "", address: "", services: [], tasks: [], nodes: [], secrets: [], claims: [], strangers: [] },
  );
}

function siteOf(ground: SwarmGround, state: Recorded, around: Surroundings, spec?: Spec): Site<SwarmStep> {
  const { own, managers } = ground;
  const observed = hostsOf(own);
  const again = (wanted: Spec, latest: Recorded) => async () => {
    const seen = await lookAtSwarm(wanted, managers, latest, around);
    if ("lost" in seen) throw new FormationError("HostUnreachable", seen.lost);
    return seen;
  };
  const notes = copyNotes([{ name: SWARM, copies: own.copies }]);
  const site: Site<SwarmStep> = {
    observed,
    claims: own.claims,
    planOfNew: (formation) => site.plan(formation, state),
    plan: (formation, latest) => {
      if (spec === undefined) return NOTHING;
      const identity = { owner: around.owner, key: latest.__key ?? "" };
      const released = latest.__released === undefined ? {} : { released: latest.__released };
      const abandonedNodes = [...spec.abandonedNodes, ...writtenOff(ground, around)];
      const wanted = { spec: { ...spec, abandonedNodes }, formation, identity, ...released };
      const planned = planSwarm({ ...wanted, keepsReleases: keepsReleases(around.request) }, own);
      refuseOthers(own, spec.app);
      // A formation without processes whose state was lost has nothing left but its claims.
      const claim = claimOfOther(own, spec.app, [identityIn(latest), spec.takeOver]);
      const refusal =
        claim === undefined
          ? (swarmRefusal(planned, own) ?? swarmLimitRefusal(planned, own, spec))
          : claimedRefusal(claim, SWARM);
      if (refusal !== undefined) throw refusal;
      const absent = absentNetwork(planned, own, spec);
      if (absent !== undefined && around.awaits !== true) throw absent;
      const missing = absent === undefined ? [] : [untilThen(absent)];
      return { ...planned, notes: [...planned.notes, ...missing, ...notes] };
    },
    removal: () => ({
      ...planSwarmRemoval(own, [...state.abandonedNodes, ...writtenOff(ground, around)]),
      notes,
    }),
    prepare: () => Promise.resolve(false),
    stopping: (changes) => stoppingOf(changes, observed),
    apply: (changes, progress) =>
      apply(changes, swarmSteps(managers, own, spec?.registryAuth ?? [], progress), progress),
    key: () => (spec === undefined ? Promise.resolve(undefined) : keyOnSwarm(spec, ground, around, again(spec, state))),
    hold: (_, latest) =>
      spec === undefined
        ? Promise.resolve(NOTHING_HELD)
        : holdOnSwarm(spec, ground, latest, around, again(spec, latest)),
    tidy: (latest) => tidySwarm(ground, latest, spec?.app),
    isWrittenOff: () => false,
    memory: () => ({
      __cluster: own.cluster,
      ...(spec === undefined ? {} : { __formerApps: formerAppsIn(state, own, spec.app) }),
    }),
  };
  return site;
}

const NOTHING = { changes: [], blocked: [], shortages: [], notes: [] };

/** The snapshot of an unreachable Swarm: nothing is known, and nothing is done. */
function lostSite(seen: LostSwarm, state: Recorded, around: Surroundings, spec?: Spec): Site<SwarmStep> {
  const isGone = isSwarmWrittenOff(state, around);
  const word = state.__cluster ?? state.hosts?.[0]?.host ?? SWARM;
  const why = `${seen.lost}; if it is gone for good: pulumi config set --path 'formation:abandoned[0]' ${word}, then destroy again`;
  return {
    observed: seen.hosts,
    claims: [],
    planOfNew: (formation) => (spec === undefined ? NOTHING : planOnEmpty(spec, formation)),
    plan: () => NOTHING,
    removal: () => ({
      changes: [],
      blocked: isGone ? [] : [{ slot: state.__app ?? around.name, host: SWARM, why }],
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
    memory: () => ({
      __cluster: state.__cluster,
      ...(spec === undefined ? {} : { __formerApps: formerAppsIn(state, undefined, spec.app) }),
    }),
  };
}

function stoppingOf(changes: Parameters<Site<SwarmStep>["stopping"]>[0], observed: readonly ObservedHost[]) {
  const running = new Set(observed.flatMap((host) => host.instances.filter(isRunning)).map(slotOf));
  return changes.filter((one) => (one.verb === "replace" || one.verb === "remove") && running.has(slotOf(one)));
}

/** Nodes that are written off: a person vouches in the stack's config for their being off. */
function writtenOff({ own }: SwarmGround, { isWrittenOff }: Surroundings): string[] {
  const names = own.nodes.filter(({ id, name }) => isWrittenOff(name) || isWrittenOff(id)).map(({ id }) => id);
  const removed = own.tasks.flatMap(({ node }) => (node !== undefined && isWrittenOff(node) ? [node] : []));
  return [...new Set([...names, ...removed])];
}

function isSwarmWrittenOff({ __cluster, hosts = [] }: Recorded, { isWrittenOff }: Surroundings): boolean {
  if (__cluster !== undefined && isWrittenOff(__cluster)) return true;
  return hosts.length > 0 && hosts.every(({ host, name = host }) => isWrittenOff(host) || isWrittenOff(name));
}
