import { parse } from "yaml";
import { readText } from "../files";
import type { Project } from "../project";

/** Stack config `formation:host`, unless it is a secret. */
export function hostConfig({ configFile }: Pick<Project, "configFile">): string | undefined {
  const text = readText(configFile);
  if (text?.includes("formation:host") !== true) return undefined;
  const { config = {} } = parse(text) as { readonly config?: Readonly<Record<string, unknown>> };
  const host = config["formation:host"];
  return typeof host === "string" ? host : undefined;
}
