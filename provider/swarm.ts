import { apply } from "./apply";
import { slotOf } from "./core/change";
import { explain, FormationError, hasCode } from "./core/errors";
import { KEY_VARIABLE } from "./core/environment";
import { isRunning, type ObservedHost } from "./core/observed";
import type { Spec } from "./core/spec";
import { rememberedOn, type Recorded } from "./core/state";
import { hostsOf, SWARM } from "./core/swarm/instances";
import { ownerOf, type ObservedSwarm } from "./core/swarm/observed";
import { planSwarm, planSwarmRemoval } from "./core/swarm/plan";
import { swarmRefusal } from "./core/swarm/refusals";
import type { SwarmStep } from "./core/swarm/step";
import { keepsReleases } from "./core/request";
import { isKnown } from "./core/unknown";
import type { Swarm, SwarmQuery } from "./hosts/swarm";
import { NOTHING_HELD } from "./claiming";
import type { Orchestrator, Site } from "./orchestrator";
import { declaredHosts } from "./properties";
import { swarmSteps } from "./swarm-steps";
import type { Surroundings } from "./world";

/** A Docker Swarm places and keeps the processes; Formation tells it what is wanted, and sees to it that it comes to be. */
export const swarm: Orchestrator = {
  planOfNew: (spec, formation) =>
    planSwarm(
      { spec, formation, identity: { owner: "", key: "" } },
      { cluster: "", address: "", services: [], tasks: [], nodes: [], secrets: [], strangers: [] },
    ),
  look: async (spec, state, around) => {
    const managers = await around.managers(declaredHosts(spec));
    const query: SwarmQuery = {
      apps: [...new Set([spec.app, state.__app ?? spec.app])],
      registryAuth: spec.registryAuth,
      ...(isKnown<string>(spec.image) ? { image: spec.image } : {}),
      ...(isKnown<string | undefined>(spec.network) && spec.network !== undefined ? { network: spec.network } : {}),
    };
    return siteOf(await seenOrLost(managers, query, state), managers, state, around, spec);
  },
  lookBack: async (state, around) => {
    const managers = await around.managers(state.hosts);
    const query = { apps: [state.__app ?? around.name], registryAuth: [] };
    return siteOf(await seenOrLost(managers, query, state), managers, state, around);
  },
};

type Seen = { readonly swarm: ObservedSwarm } | { readonly lost: string; readonly hosts: readonly ObservedHost[] };

/** A Swarm that cannot be asked is not an empty one: what was last seen there is still there, as far as anybody knows. */
async function seenOrLost(managers: Swarm, query: SwarmQuery, state: Recorded): Promise<Seen> {
  try {
    const seen = await managers.observe(query);
    refuseOtherSwarm(state, seen);
    return { swarm: seen };
  } catch (error) {
    if (!hasCode(error, "HostUnreachable")) throw error;
    const names = [...new Set((state.instances ?? []).map((one) => one.host))];
    const lost = explain(error);
    const hosts = names.map((name) => ({
      ...{ name, address: "", engine: "", strangers: [] },
      instances: rememberedOn(state, name, query.apps[0] ?? ""),
    }));
    return {
      lost,
      hosts: [{ ...{ name: SWARM, address: "", engine: "", instances: [], strangers: [] }, lost }, ...hosts],
    };
  }
}

function siteOf(seen: Seen, managers: Swarm, state: Recorded, around: Surroundings, spec?: Spec): Site<SwarmStep> {
  const nothing = { changes: [], blocked: [], shortages: [], notes: [] };
  const isLost = "lost" in seen;
  return {
    observed: isLost ? seen.hosts : hostsOf(seen.swarm),
    plan: (formation, latest) => {
      if (isLost || spec === undefined) return nothing;
      const identity = { owner: around.owner, key: latest.__key ?? "" };
      const released = latest.__released === undefined ? {} : { released: latest.__released };
      const planned = planSwarm(
        { spec, formation, identity, ...released, keepsReleases: keepsReleases(around.request) },
        seen.swarm,
      );
      const refusal = swarmRefusal(planned, seen.swarm, around.owner);
      if (refusal !== undefined) throw refusal;
      return planned;
    },
    removal: () => {
      if (isLost)
        return { changes: [], blocked: [{ slot: state.__app ?? around.name, host: SWARM, why: seen.lost }], notes: [] };
      const services = seen.swarm.services.filter((one) => ownerOf(one) === around.owner);
      return { ...planSwarmRemoval({ ...seen.swarm, services }, state.abandonedNodes), notes: [] };
    },
    prepare: () => Promise.resolve(false),
    stopping: (changes) => {
      const instances = (isLost ? seen.hosts : hostsOf(seen.swarm)).flatMap((host) => host.instances.filter(isRunning));
      const running = new Set(instances.map(slotOf));
      return changes.filter((one) => (one.verb === "replace" || one.verb === "remove") && running.has(slotOf(one)));
    },
    apply: (changes, progress) =>
      apply(
        changes,
        swarmSteps(managers, isLost ? undefined : seen.swarm, spec?.registryAuth ?? [], progress),
        progress,
      ),
    key: () => Promise.resolve(isLost ? undefined : keyIn(seen.swarm)),
    hold: () => Promise.resolve(NOTHING_HELD),
    tidy: () => Promise.resolve(),
    isWrittenOff: () => false,
    memory: () => ({ __cluster: isLost ? state.__cluster : seen.swarm.cluster }),
  };
}

function refuseOtherSwarm({ __cluster }: Recorded, { cluster, address }: ObservedSwarm): void {
  if (__cluster === undefined || __cluster === cluster) return;
  throw new FormationError(
    "EngineMismatch",
    `the formation runs on Swarm ${__cluster}, but ${address} is a manager of Swarm ${cluster}`,
    { hint: "set hosts back to managers of the first, or destroy the formation there before moving it" },
  );
}

function keyIn({ services }: ObservedSwarm): string | undefined {
  const variables = services.flatMap(({ spec }) => spec.TaskTemplate.ContainerSpec.Env);
  const prefix = `${KEY_VARIABLE}=`;
  return variables
    .filter((pair) => isKnown<string>(pair))
    .find((pair) => pair.startsWith(prefix))
    ?.slice(prefix.length);
}
