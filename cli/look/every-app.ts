import type { CliContext } from "../context";
import { chooseApp, type RecordedFormation } from "../formations";

/** The formation of the app that is asked for; without one, every formation of the stack. */
export async function everyFormation(context: CliContext): Promise<readonly RecordedFormation[]> {
  if (context.app() !== undefined) return [await context.formation()];
  const all = await context.formations();
  // Says what to do where there is none.
  return all.length === 0 ? [chooseApp(all, undefined, context.project())] : all;
}

/** As if one app had been asked for. */
export function contextOf(context: CliContext, app: string): CliContext {
  return {
    ...context,
    app: () => app,
    formation: async (needed) => chooseApp(await context.formations(needed), app, context.project()),
  };
}
