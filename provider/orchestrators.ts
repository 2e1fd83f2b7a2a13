import type { Orchestrator as Name } from "./core/traits";
import { docker } from "./docker";
import type { Orchestrator } from "./orchestrator";
import { swarm } from "./swarm";

/** The one list of orchestrators. */
const orchestrators: Readonly<Record<Name, Orchestrator>> = { docker, swarm };

export function orchestratorOf({ orchestrator }: { readonly orchestrator: Name }): Orchestrator {
  return orchestrators[orchestrator];
}
