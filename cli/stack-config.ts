import { isMap, parseDocument, Scalar } from "yaml";
import { FormationError } from "../provider/core/errors";
import { isByApp, type ByApp } from "../provider/core/request";
import { readText } from "./files";
import type { Env, Project } from "./project";
import { runPulumi } from "./pulumi";

type Entries = Readonly<Record<string, number | string>>;

/** An entry of one app in a stack's configuration that has an object per app: `formation:scale`. */
export interface Edit {
  readonly key: "formation:scale" | "formation:restartedAt";
  readonly app: string;
  readonly set: Entries;
}

/** What the provider will find under a key that has an object per app. @param text of the stack's file */
export function byAppIn(text: string, key: Edit["key"], project: Pick<Project, "defaults" | "configFile">): ByApp {
  const value = valueIn(text, key) ?? project.defaults[key] ?? {};
  const object = typeof value === "string" ? parseJson(value) : value;
  if (isByApp(object)) return object;
  throw new FormationError("InvalidInput", `${key} in ${project.configFile} is not an object with an object per app`, {
    hint: `correct it, or take it away with pulumi config rm ${key}`,
  });
}

/** The text of the stack's file with an entry changed; its comments and all else stay as they are. */
export function edited(
  text: string,
  { key, app, set }: Edit,
  project: Pick<Project, "defaults" | "configFile">,
): string {
  const before = byAppIn(text, key, project);
  const document = parseDocument(text);
  if (!isMap(document.get("config"))) document.set("config", document.createNode({}));
  if (!isMap(document.getIn(["config", key]))) document.setIn(["config", key], document.createNode(before));
  if (!isMap(document.getIn(["config", key, app]))) document.setIn(["config", key, app], document.createNode({}));
  for (const [name, value] of Object.entries(set)) document.setIn(["config", key, app, name], scalar(value));
  return document.toString({ lineWidth: 0 });
}

/** A single value of the stack's configuration, decrypted if need be. */
export async function configValue(project: Project, key: string, env: Env): Promise<string | undefined> {
  const value = valueIn(readText(project.configFile) ?? "", key) ?? project.defaults[key];
  if (value === undefined || typeof value === "string") return value;
  const { code, stdout } = await runPulumi(project, ["config", "get", key], env);
  return code === 0 ? stdout.trim() : undefined;
}

function valueIn(text: string, key: string): unknown {
  const config = (parseDocument(text).toJS() as { config?: Readonly<Record<string, unknown>> | null } | null)?.config;
  return config?.[key];
}

/** In quotes a time stays text, whoever reads it. */
function scalar(value: number | string): Scalar {
  const made = new Scalar(value);
  if (typeof value === "string") made.type = Scalar.QUOTE_DOUBLE;
  return made;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
