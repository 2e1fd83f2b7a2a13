import type { CliContext } from "../context";
import { readText } from "../files";

const KEY = "formation:host";

/** The engine that stack config names, if any. */
export async function hostConfig(context: CliContext): Promise<string | undefined> {
  const project = context.project();
  const isThere = KEY in project.defaults || readText(project.configFile)?.includes(KEY) === true;
  if (!isThere) return undefined;
  const { configValue } = await import("../stack-config");
  return configValue(project, KEY, context.env);
}
