import { setTimeout as delay } from "node:timers/promises";
import type Docker from "dockerode";
import type { DesiredInstance } from "../core/desired";
import { labelsOf } from "../core/labels";
import { createContainer, createOptions } from "./container";
import { engineError, statusOf, type Named } from "./engine-errors";

const ATTEMPTS = 20;
const PAUSE_MS = 100;

interface Created {
  readonly container: Docker.Container;
  readonly warnings: readonly string[];
}

/** Creates a container; or takes the one that has its name, if a create whose answer was lost has made it. */
export async function createOrAdopt(
  docker: Docker,
  host: Named,
  want: DesiredInstance,
  port: number | undefined,
): Promise<Created> {
  for (let attempt = 1; ; attempt++) {
    try {
      const container = await createContainer(docker, createOptions(want, port));
      return { container, warnings: (container as unknown as { Warnings?: string[] }).Warnings ?? [] };
    } catch (error) {
      const refusal = engineError(error, host);
      if (refusal.code !== "NameTaken") throw refusal;
      const holder = await named(docker, host, want);
      if (holder?.isOurs === true) return { container: docker.getContainer(holder.id), warnings: [] };
      // The engine gives a name away before it shows the container, and takes it back after.
      if (holder !== undefined || attempt === ATTEMPTS) throw refusal;
      await delay(PAUSE_MS);
    }
  }
}

/** What has the name of a wanted container, and whether it was made as that: all its labels tell so. */
export async function named(
  docker: Docker,
  host: Named,
  want: DesiredInstance,
): Promise<{ readonly id: string; readonly isOurs: boolean } | undefined> {
  try {
    const { Config, Id } = await docker.getContainer(want.name).inspect();
    const isOurs = Object.entries(labelsOf(want)).every(([label, value]) => Config.Labels[label] === value);
    return { id: Id, isOurs };
  } catch (error) {
    if (statusOf(error) === 404) return undefined;
    throw engineError(error, host);
  }
}
