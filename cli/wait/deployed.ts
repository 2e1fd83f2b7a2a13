import { FormationError } from "../../provider/core/values/errors";
import { parseDeclared } from "../../provider/lifecycle/declared";
import { httpFailure } from "../../provider/orchestrators/docker/container/http-check";
import type { Viewer } from "../../provider/orchestrators/viewer";
import type { CliContext } from "../context";
import type { RecordedFormation } from "../state/formations";
import { appOf, type App } from "../observe/app";
import { findFormation, viewersOf } from "../observe/engines";
import { observeAll } from "../observe/observe";
import { select } from "../observe/select";
import { REREAD_MS, type Subject } from "../observe/subject";
import { askedAt } from "../metrics/answers";
import { ownerOf } from "../project/project";
import { gather } from "../ps/gather";
import { rowsOf } from "../ps/rows";
import { progressOf, type Ask, type Progress, type Release } from "./ready";

/** The last deployment, with all that it takes to recognize it in running containers. */
export interface Deployed extends Subject {
  readonly release: Release;
  readonly fingerprint: string;
  readonly readAt: number;
}

export async function readDeployed(context: CliContext): Promise<Deployed> {
  const found = await findFormation(context, ["env", "__key"]);
  const { recorded } = found;
  const parsed = parseDeclared(recorded.inputs, recorded.name);
  if (parsed.kind !== "spec")
    throw new FormationError("InvalidInput", "what was deployed cannot be read", { hint: "run pulumi up first" });
  return {
    app: appOf(recorded, ownerOf(context.project())),
    viewers: await viewersOf(found),
    release: { spec: parsed.spec, key: recorded.outputs["__key"] as string },
    fingerprint: fingerprintOf(recorded),
    readAt: performance.now(),
  };
}

/** Reads the deployment again when somebody has deployed in the meantime. */
export async function refresh(deployed: Deployed, context: CliContext): Promise<Deployed> {
  if (performance.now() - deployed.readAt < REREAD_MS[context.project().backend.kind]) return deployed;
  // A state that is being written cannot be read: try again next time.
  const recorded = await context.formation().catch(() => undefined);
  if (recorded === undefined) return deployed;
  if (fingerprintOf(recorded) === deployed.fingerprint) return { ...deployed, readAt: performance.now() };
  const next = await readDeployed(context).catch(() => undefined);
  if (next === undefined) return deployed;
  for (const viewer of deployed.viewers) viewer.close();
  return next;
}

/** Observes the progress of the named processes. */
export async function lookFor(
  names: readonly string[],
  { app, viewers, release }: Deployed,
): Promise<readonly Progress[]> {
  const looks = await observeAll(app, viewers);
  const isMeant = select(names, app.types, wantedSlots(app));
  const sight = await gather(looks, { details: false, usage: false, isMeant }, Date.now() / 1000);
  const rows = rowsOf(app, sight).filter(isMeant);
  return progressOf(rows, sight.containers, release, askOver(viewers));
}

/** Slots that may be waited for: a process beyond the quantities would never start. */
export function wantedSlots({
  formation,
}: Pick<App, "formation">): { readonly type: string; readonly index: number }[] {
  return Object.entries(formation).flatMap(([type, quantity]) =>
    Array.from({ length: quantity }, (_, at) => ({ type, index: at + 1 })),
  );
}

function askOver(viewers: readonly Viewer[]): Ask {
  const addresses = new Map(viewers.map(({ name, address }) => [name, address]));
  return async ({ host, published }, check) => {
    if (published === undefined) return "its port is not published";
    const address = askedAt({ published }, addresses.get(host) ?? "");
    if (address === undefined) return `it is on ${published.address} of ${host} only`;
    return httpFailure(address.host, address.port, check);
  };
}

/** Fingerprint that changes with every deployment; secrets are left out. */
function fingerprintOf({ inputs, outputs }: RecordedFormation): string {
  return JSON.stringify([inputs["formation"], inputs["image"], outputs["instances"], outputs["release"]]);
}
