import { setTimeout as delay } from "node:timers/promises";
import type Docker from "dockerode";
import type { DesiredInstance } from "../core/desired";
import { holderOf, type Holder } from "../core/labels";
import type { Seconds } from "../core/units";
import { createContainer, createOptions } from "./container";
import { engineError, statusOf, type Named } from "./engine-errors";
import { stopContainer } from "./stop";

const ATTEMPTS = 20;
const PAUSE_MS = 100;

interface Created {
  readonly container: Docker.Container;
  readonly isAdopted: boolean;
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
      return { ...(await createContainer(docker, createOptions(want, port))), isAdopted: false };
    } catch (error) {
      const refusal = engineError(error, host);
      if (refusal.code !== "NameTaken") throw refusal;
      const holder = await named(docker, host, want);
      if (holder?.kind === "wanted")
        return { container: docker.getContainer(holder.id), isAdopted: true, warnings: [] };
      if (holder?.kind === "stranger" || attempt === ATTEMPTS) throw refusal;
      // The engine gives a name away before it shows the container, and takes it back after.
      if (holder === undefined) await delay(PAUSE_MS);
      else await end(docker, host, holder.id, want.stopTimeout);
    }
  }
}

async function end(docker: Docker, host: Named, container: string, timeout: Seconds): Promise<void> {
  await stopContainer(docker, host, (task) => task(), container, timeout);
  await docker.getContainer(container).remove({ v: true });
}

/** What has the name of a wanted container, if anything has. */
export async function named(
  docker: Docker,
  host: Named,
  want: DesiredInstance,
): Promise<{ readonly id: string; readonly kind: Holder } | undefined> {
  try {
    const { Config, Id } = await docker.getContainer(want.name).inspect();
    return { id: Id, kind: holderOf(Config.Labels, want) };
  } catch (error) {
    if (statusOf(error) === 404) return undefined;
    throw engineError(error, host);
  }
}
