import type { Viewer } from "../../provider/orchestrators/viewer";
import type { CliContext } from "../context";
import type { RecordedFormation } from "../state/formations";
import { ownerOf } from "../project/project";
import { appOf, type App } from "./app";
import { findFormation, viewersOf } from "./engines";

/** Interval at which long-running commands read the state again; other backends need Pulumi for that. */
export const REREAD_MS = { files: 1_000, other: 30_000 };

/** The app and hosts of a read-only command. */
export interface Subject {
  readonly app: App;
  /** Viewers of all hosts that the formation may be on, or of its Swarm. */
  readonly viewers: readonly Viewer[];
}

/** A subject together with the recorded formation. */
export interface Current extends Subject {
  readonly recorded: RecordedFormation;
}

export async function subject(context: CliContext): Promise<Current> {
  return current(context, []);
}

/** Reads the state again; connections to hosts that are still in use are shared. */
export async function renewed(known: Subject, context: CliContext): Promise<Current> {
  const now = await current(context, known.viewers);
  for (const viewer of known.viewers) if (!now.viewers.includes(viewer)) viewer.close();
  return now;
}

async function current(context: CliContext, known: readonly Viewer[]): Promise<Current> {
  const found = await findFormation(context);
  const { recorded } = found;
  return { app: appOf(recorded, ownerOf(context.project())), recorded, viewers: await viewersOf(found, known) };
}
