import type { CliContext } from "../context";
import { chooseApp, type RecordedFormation } from "../state/formations";

/** Reads the formation of the app named by `--app`; without it, every formation of the stack. */
export async function everyFormation(context: CliContext): Promise<readonly RecordedFormation[]> {
  if (context.app() !== undefined) return [await context.formation()];
  const all = await context.formations();
  // Choosing from an empty list fails with a message that says what to do.
  return all.length === 0 ? [chooseApp(all, undefined, context.project())] : all;
}

/** A context with `--app` set to the given app. */
export function contextOf(context: CliContext, app: string): CliContext {
  return {
    ...context,
    app: () => app,
    formation: async (needed) => chooseApp(await context.formations(needed), app, context.project()),
  };
}
