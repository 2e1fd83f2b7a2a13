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

<<<<<<< HEAD
export async function subject(context: CliContext): Promise<Subject> {
  const found = await findFormation(context);
  return { app: appOf(found.recorded, ownerOf(context.project())), viewers: await viewersOf(found) };
}

/** Read again; connections to hosts that are still there are kept. */
export async function renewed(known: Subject, context: CliContext): Promise<Subject> {
  const found = await findFormation(context);
  const viewers = await viewersOf(found, known.viewers);
  for (const viewer of known.viewers) if (!viewers.includes(viewer)) viewer.close();
  return { app: appOf(found.recorded, ownerOf(context.project())), viewers };
=======
/** Together with all that the state says. */
export interface Current extends Subject {
  readonly recorded: RecordedFormation;
}

export async function subject(context: CliContext): Promise<Current> {
  const { recorded, entries } = await findFormation(context);
  return { app: appOf(recorded, ownerOf(context.project())), recorded, viewers: viewersOf(entries) };
}

/** Read again; connections to hosts that are still there are kept. */
export async function renewed(known: Subject, context: CliContext): Promise<Current> {
  const { recorded, entries } = await findFormation(context);
  const viewers = entries.map((entry) => known.viewers.find(({ address }) => address === entry.host) ?? view(entry));
  for (const viewer of known.viewers) if (!viewers.includes(viewer)) viewer.close();
  return { app: appOf(recorded, ownerOf(context.project())), recorded, viewers };
>>>>>>> monitor
}
