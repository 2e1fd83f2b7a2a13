import type { ContainerCreateOptions, ContainerInspectInfo } from "./containers";
import type { ContainerState, ObservedInstance } from "../core/observed";

/** An engine's answer when it is asked for its version. */
export interface EngineVersion {
  readonly ApiVersion: string;
  readonly MinAPIVersion?: string;
  readonly Components?: readonly { readonly Name: string }[] | null;
}

/** Podman speaks Docker's API, less than all of it. */
export function isPodman({ Components: components }: EngineVersion): boolean {
  return (components ?? []).some(({ Name }) => Name === "Podman Engine");
}

/**
 * Podman's init passes a signal on to its child alone, where Docker's reaches the whole group: a shell that passes the
 * first one on stands in between. It keeps the input, and ends as the child does.
 */
const PASS_ON = `trap 'trap : TERM; kill -TERM 0' TERM
"$@" <&0 & child=$!
wait $child; code=$?
while kill -0 $child 2> /dev/null; do wait $child; code=$?; done
exit $code`;

/** The same container for Podman. A terminal passes signals to the group by itself. */
export function forPodman(options: ContainerCreateOptions): ContainerCreateOptions {
  const isForGroup = options.Env?.includes("TINI_KILL_PROCESS_GROUP=1") === true;
  if (!isForGroup || options.Tty === true) return options;
  return { ...options, Cmd: ["/bin/sh", "-c", PASS_ON, "sh", ...(options.Cmd ?? [])] };
}

const STATES: Readonly<Record<string, ContainerState>> = {
  configured: "created",
  initialized: "created",
  stopped: "exited",
  // It may run for as long as it is left to.
  stopping: "running",
};

/** A container's state in Docker's words, which Podman uses for most of its own. */
export function stateFrom(word: string): ContainerState {
  return STATES[word] ?? (word as ContainerState);
}

/** Podman's list does not tell how a process is; only a full look at it does. */
export async function withHealth(
  instances: readonly ObservedInstance[],
  inspect: (container: string) => Promise<ContainerInspectInfo | undefined>,
): Promise<ObservedInstance[]> {
  return Promise.all(
    instances.map(async (one) => {
      if (one.state !== "running") return one;
      const health = healthIn((await inspect(one.container))?.State.Health?.Status);
      return health === undefined ? one : { ...one, health };
    }),
  );
}

/** Without a check an engine says nothing, `none`, or the empty word. */
export function healthIn(status: string | undefined): NonNullable<ObservedInstance["health"]> | undefined {
  return status === "starting" || status === "healthy" || status === "unhealthy" ? status : undefined;
}
