/** Systems that place processes and keep them running. */
export const ORCHESTRATORS = ["docker", "swarm"] as const;
export type Orchestrator = (typeof ORCHESTRATORS)[number];

/** Properties of an orchestrator that change what inputs mean. */
export interface Traits {
  /** True when it chooses the machine of each process: `hosts` are its managers then, not where processes run. */
  readonly placesItself: boolean;
  /** The publish mode of a port unless the type names another. */
  readonly publishMode: "host" | "ingress";
}

/** A new orchestrator does not compile without its line. */
export const TRAITS: Readonly<Record<Orchestrator, Traits>> = {
  docker: { placesItself: false, publishMode: "host" },
  swarm: { placesItself: true, publishMode: "ingress" },
};
