import { explain, hasCode } from "../../provider/core/values/errors";
import type { Seen, Viewer } from "../../provider/orchestrators/viewer";
import { isOwn, type App } from "./app";
import { refuseOtherEngine } from "./engines";

/** Observation of an app on one host. */
export type Observation =
  | { readonly kind: "seen"; readonly viewer: Viewer; readonly containers: readonly Seen[] }
  /** The host is unreachable; its containers are unknown. */
  | { readonly kind: "lost"; readonly viewer: Viewer; readonly reason: string };

/** Observes all hosts in parallel. */
export function observeAll(app: App, viewers: readonly Viewer[]): Promise<Observation[]> {
  return Promise.all(viewers.map((viewer) => lookAtOne(app, viewer)));
}

async function lookAtOne(app: App, viewer: Viewer): Promise<Observation> {
  try {
    const containers = (await viewer.list(app.name)).filter((container) => isOwn(app, container));
    if (containers.length === 0) await refuseOtherEngine(viewer, app.cluster ?? app.engines[viewer.address]);
    return { kind: "seen", viewer, containers };
  } catch (error) {
    if (!hasCode(error, "HostUnreachable")) throw error;
    return { kind: "lost", viewer, reason: explain(error) };
  }
}

/** Warnings for the hosts that are missing from the output. */
export function lossesIn(looks: readonly Observation[]): string[] {
  return looks.flatMap((look) => (look.kind === "lost" ? [`warning: ${look.reason}; what runs there is unknown`] : []));
}
