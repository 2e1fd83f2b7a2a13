import type { ContainerCreateOptions, ContainerInspectInfo } from "./containers";
import type { ContainerState, ObservedInstance } from "../core/model/observed";

/** Answer of an engine about its version. */
export interface EngineVersion {
  readonly ApiVersion: string;
  readonly MinAPIVersion?: string;
  readonly Components?: readonly { readonly Name: string }[] | null;
}

/** True for Podman, which speaks Docker's API only in part. */
export function isPodman({ Components: components }: EngineVersion): boolean {
  return (components ?? []).some(({ Name }) => Name === "Podman Engine");
}

/**
 * Shell that stands between Podman's init and a process. Podman's init passes a signal to its child alone, Docker's to
 * the whole group, so the shell passes the first signal on to the group. It keeps the input and ends with the process's
 * exit code.
 */
const PASS_ON = `for s in TERM INT QUIT USR1 USR2; do trap "trap : $s; kill -$s 0" $s; done
"$@" <&0 & child=$!
wait $child; code=$?
while kill -0 $child 2> /dev/null; do wait $child; code=$?; done
exit $code`;

/** Adapts create options to Podman. Terminals pass signals to the group by themselves and need no adaptation. */
export function forPodman(options: ContainerCreateOptions): ContainerCreateOptions {
  const isForGroup = options.Env?.includes("TINI_KILL_PROCESS_GROUP=1") === true;
  if (!isForGroup || options.Tty === true) return options;
  return { ...options, Cmd: ["/bin/sh", "-c", PASS_ON, "sh", ...(options.Cmd ?? [])] };
}

const STATES: Readonly<Record<string, ContainerState>> = {
  configured: "created",
  initialized: "created",
  stopped: "exited",
  // A process that is being stopped may run on until its stop timeout ends.
  stopping: "running",
};

/** Translates a container's state into Docker's words, most of which Podman uses itself. */
export function stateFrom(word: string): ContainerState {
  return STATES[word] ?? (word as ContainerState);
}

/** Adds each instance's health by an inspect, because Podman's list does not tell it. */
export async function withHealth(
  instances: readonly ObservedInstance[],
  inspect: (container: string) => Promise<ContainerInspectInfo | undefined>,
): Promise<ObservedInstance[]> {
  return Promise.all(
    instances.map(async (instance) => {
      if (instance.state !== "running") return instance;
      const health = healthIn((await inspect(instance.container))?.State.Health?.Status);
      return health === undefined ? instance : { ...instance, health };
    }),
  );
}

/** Reads a health status. Engines answer with nothing, `none` or an empty text for a container without a check. */
export function healthIn(status: string | undefined): NonNullable<ObservedInstance["health"]> | undefined {
  return status === "starting" || status === "healthy" || status === "unhealthy" ? status : undefined;
}
