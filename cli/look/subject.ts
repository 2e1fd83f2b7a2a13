import type { Viewer } from "../../provider/hosts/viewer";
import type { CliContext } from "../context";
import type { RecordedFormation } from "../formations";
import { ownerOf } from "../project";
import { appOf, type App } from "./app";
import { findFormation, viewersOf } from "./engines";

/** How often a command that goes on reads the state again; where it is not in files, Pulumi has to be started for that. */
export const REREAD_MS = { files: 1_000, other: 30_000 };

/** What a command that only looks works on. */
export interface Subject {
  readonly app: App;
  /** One for each host that the formation may be on, or one for its Swarm. */
  readonly viewers: readonly Viewer[];
}

/** Together with all that the state says. */
export interface Current extends Subject {
  readonly recorded: RecordedFormation;
}

export async function subject(context: CliContext): Promise<Current> {
  return current(context, []);
}

/** Read again; connections to hosts that are still there are kept. */
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
