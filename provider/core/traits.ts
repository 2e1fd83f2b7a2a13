/** Who can place and keep processes. */
export const ORCHESTRATORS = ["docker", "swarm"] as const;
export type Orchestrator = (typeof ORCHESTRATORS)[number];

/** What of an orchestrator makes a difference to what is declared. */
export interface Traits {
  /** True when it chooses the machine of each process: `hosts` are where it is asked, not where processes run. */
  readonly placesItself: boolean;
  /** How a port is published unless the type says otherwise. */
  readonly publishMode: "host" | "ingress";
}

/** A new orchestrator does not compile without its line. */
export const TRAITS: Readonly<Record<Orchestrator, Traits>> = {
  docker: { placesItself: false, publishMode: "host" },
  swarm: { placesItself: true, publishMode: "ingress" },
};
