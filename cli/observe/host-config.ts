import type { CliContext } from "../context";
import { readText } from "../project/files";

const KEY = "formation:host";

/** Reads the engine's address from stack config, if it has one. */
export async function hostConfig(context: CliContext): Promise<string | undefined> {
  const project = context.project();
  const isThere = KEY in project.defaults || readText(project.configFile)?.includes(KEY) === true;
  if (!isThere) return undefined;
  const { configValue } = await import("../project/stack-config");
  return configValue(project, KEY, context.env);
}
