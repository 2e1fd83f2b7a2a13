// Written by `npm run schema` from the shapes in provider/core: change the descriptions there.

/** Outputs of a Formation, besides its inputs. */
export interface FormationOutputs {
  /** The full desired formation: a quantity for every process type. */
  readonly formation: Record<string, number>;
  /** The formation in one line: `web=2, worker=1, clock=0`. */
  readonly summary: string;
  /** How many processes of each type were seen running after the last change. */
  readonly running: Record<string, number>;
  /** One record for each process. */
  readonly instances: Instance[];
  /** `address:port` of each published process, by type. */
  readonly endpoints: Record<string, string[]>;
  /**
   * Every `address:port` that a process may have, now or in the course of a release, by type: those of the slots 1
   * to `max` where that is given, else of the slots that there are. What a load balancer is given, with health
   * checks.
   */
  readonly backends: Record<string, string[]>;
  /**
   * The same by type and host: `backendsByHost.web.a`. An address on a host's loopback leads there from that host
   * alone.
   */
  readonly backendsByHost: Record<string, Record<string, string[]>>;
  /** By backing service: its connections, needed and allowed. */
  readonly budgets: Record<string, Budget>;
  /** The short name of the app's image and configuration: it changes with every release. */
  readonly release: string;
  /** The last 100 audit lines, oldest first, each with the full formation and who did it. */
  readonly log: string[];
}

/** The shape of `instances[]`. */
export interface Instance {
  /** `web.2` */
  readonly name: string;
  /** The process type. */
  readonly type: string;
  /** The number of its slot, from 1. */
  readonly index: number;
  /** The host that it runs on. */
  readonly host: string;
  /** The id of its container. */
  readonly container: string;
  /** The engine's word for its state when it was last looked at: `running`, `exited`, `restarting` … */
  readonly state: string;
  /** When its container was made: ISO 8601, UTC. */
  readonly since: string;
  /** The short name of its image and configuration. */
  readonly release: string;
  /** `address:port` of its published port on the host. */
  readonly endpoint?: string | undefined;
}

/** The shape of `budgets.<name>`. */
export interface Budget {
  /** The connections that the formation may need at the worst moment of a release. */
  readonly used: number;
  /** The connections that there are, less the reserve. */
  readonly limit: number;
  /** How `used` comes about: `web 8×10 + release overlap 2×10, worker 6×5`. */
  readonly detail: string;
}
