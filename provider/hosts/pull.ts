import type Docker from "dockerode";
import { FormationError } from "../core/errors";
import type { RegistryAuth } from "../core/spec";
import { formatBytes } from "../core/units";
import { engineError, type Named } from "./engine-errors";
import { credentialsFor } from "./registry-auth";

interface PullEvent {
  readonly id?: string;
  /** A pull that fails once it has begun has been answered with success by then. */
  readonly error?: string;
  readonly progressDetail?: { readonly current?: number; readonly total?: number };
}

const SAY_EVERY_MS = 1_000;

/** Pulls an image and tells, now and then, how much of it has come. */
export async function pullImage(
  docker: Docker,
  host: Named,
  image: string,
  registryAuth: readonly RegistryAuth[],
  say: (progress: string) => void,
): Promise<void> {
  const layers = new Map<string, { current: number; total: number }>();
  let said = -Infinity;
  let failure: string | undefined;
  const progress = ({ id, progressDetail, error }: PullEvent) => {
    failure ??= error;
    if (id === undefined || progressDetail?.current === undefined || progressDetail.total === undefined) return;
    layers.set(id, { current: progressDetail.current, total: progressDetail.total });
    if (performance.now() - said < SAY_EVERY_MS) return;
    said = performance.now();
    const sum = (key: "current" | "total") => [...layers.values()].reduce((total, layer) => total + layer[key], 0);
    say(`pulling ${image} on ${host.name}: ${formatBytes(sum("current"))} of ${formatBytes(sum("total"))}`);
  };
  say(`pulling ${image} on ${host.name}`);
  try {
    const authconfig = credentialsFor(image, registryAuth, process.env);
    const stream = await docker.pull(image, authconfig === undefined ? {} : { authconfig });
    await new Promise<void>((resolve, reject) => {
      const done = (error: Error | null) => (error === null ? resolve() : reject(error));
      docker.modem.followProgress(stream, done, progress);
    });
    if (failure !== undefined) throw Object.assign(new Error(failure), { statusCode: 500 });
  } catch (cause) {
    const words = engineError(cause, host).message;
    throw new FormationError("ImageMissing", `image ${image} is not on ${host.name} and cannot be pulled: ${words}`, {
      hint: "build or load it there, correct image, or give registryAuth",
      cause,
    });
  }
}
