import type { Orchestrator as Name } from "../core/inputs/traits";
import { docker } from "./docker/orchestrator";
import type { Orchestrator } from "./orchestrator";
import { swarm } from "./swarm/orchestrator";

/** The one list of orchestrators. */
const orchestrators: Readonly<Record<Name, Orchestrator>> = { docker, swarm };

export function orchestratorOf({ orchestrator }: { readonly orchestrator: Name }): Orchestrator {
  return orchestrators[orchestrator];
}
