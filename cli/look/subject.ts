import type { Viewer } from "../../provider/hosts/viewer";
import type { CliContext } from "../context";
import { ownerOf } from "../project";
import { appOf, type App } from "./app";
import { findFormation, viewersOf } from "./engines";

/** What a command that only looks works on. */
export interface Subject {
  readonly app: App;
  /** One for each host that the formation may be on. */
  readonly viewers: readonly Viewer[];
}

export async function subject(context: CliContext): Promise<Subject> {
  const { recorded, entries } = await findFormation(context);
  return { app: appOf(recorded, ownerOf(context.project())), viewers: viewersOf(entries) };
}
