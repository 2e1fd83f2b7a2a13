import type { CliContext } from "../context";
import { chooseApp, readFormations, type RecordedFormation } from "../formations";

/** The formation of the app that is asked for; without one, every formation of the stack. */
export async function everyFormation(context: CliContext): Promise<readonly RecordedFormation[]> {
  if (context.app() !== undefined) return [await context.formation()];
  const project = context.project();
  const all = await readFormations(project, context.env);
  // Says what to do where there is none.
  return all.length === 0 ? [chooseApp(all, undefined, project)] : all;
}

/** As if one app had been asked for. */
export function contextOf(context: CliContext, app: string): CliContext {
  return {
    ...context,
    app: () => app,
    formation: async (needed) => {
      const project = context.project();
      return chooseApp(await readFormations(project, context.env, needed), app, project);
    },
  };
}
