import type { Change } from "./core/change";
import { KEY_VARIABLE } from "./core/environment";
import { FormationError } from "./core/errors";
import type { Formation } from "./core/formation";
import type { ObservedHost } from "./core/observed";
import { plan } from "./core/plan";
import { conflictRefusal, ownerRefusal } from "./core/refusals";
import type { Spec } from "./core/spec";
import type { Recorded } from "./core/state";
import { UNKNOWN } from "./core/unknown";
import type { Host } from "./hosts/host";

/** What the lifecycle needs of the world around it. */
export interface Surroundings {
  /** `project/stack` and the resource's name. */
  readonly owner: string;
  readonly name: string;
  /** Stack config `formation:scale`, and the engine's address from `formation:host`. */
  readonly scaleConfig: Readonly<Record<string, unknown>>;
  readonly connect: (hosts: Recorded["hosts"]) => Host;
  readonly actor: () => Promise<string>;
  /** Seconds since the epoch. */
  readonly now: () => number;
  readonly say: (text: string, level?: "info" | "warning") => void;
  readonly progress: (text: string) => void;
  readonly interrupted: () => boolean;
}

export interface World {
  readonly hosts: ReadonlyMap<string, Host>;
  readonly observed: readonly ObservedHost[];
  readonly home: string;
}

/** One look at every host that has, or is to have, a part of the formation. */
export async function look(spec: Spec, state: Recorded, around: Surroundings): Promise<World> {
  const declaredHosts = spec.hosts.map(({ name, host }) => ({ name, host: String(host) }));
  const home = around.connect(spec.hosts.length === 0 ? undefined : declaredHosts);
  const apps = [...new Set([spec.app, state.app ?? spec.app])];
  const fixedPorts = spec.types.flatMap((type) => type.bind.port ?? []);
  const image = spec.image === UNKNOWN ? {} : { image: spec.image };
  const observed = await home.observe({ apps, fixedPorts, ...image });
  refuseOtherEngine(state, [observed]);
  return { hosts: new Map([[home.name, home]]), observed: [observed], home: home.name };
}

export function refuseOtherEngine(state: Recorded, observed: readonly ObservedHost[]): void {
  const [address, engine] = Object.entries(state.__engines)[0] ?? [];
  const other = observed.find((host) => engine !== undefined && host.engine !== engine);
  if (other === undefined) return;
  throw new FormationError(
    "EngineMismatch",
    `the formation runs on engine ${engine} (${address}), but ${other.name} (${other.address}) is engine ${other.engine}`,
    { hint: "set hosts or DOCKER_HOST back to the first, or destroy the formation there before moving it" },
  );
}

export function planFor(
  spec: Spec,
  formation: Formation,
  world: World,
  state: Recorded,
  around: Surroundings,
): Change[] {
  const owned = ownerRefusal(world.observed, around.owner);
  if (owned !== undefined) throw owned;
  const identity = { owner: around.owner, key: state.__key ?? "" };
  const changes = plan({ spec, formation, home: world.home, identity }, world.observed);
  const conflict = conflictRefusal(changes, world.observed, spec);
  if (conflict !== undefined) throw conflict;
  return changes;
}

/** The digests' key as the app's own containers hold it, when the state has lost it. */
export async function keyOnHost({ observed, hosts }: World): Promise<string | undefined> {
  for (const host of observed) {
    const [instance] = host.instances;
    if (instance !== undefined) return hosts.get(host.name)?.variable(instance.container, KEY_VARIABLE);
  }
  return undefined;
}
