import { isMap, isScalar, parseDocument, Scalar, YAMLMap, type Document } from "yaml";
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
  // Where everything is text, a number of somebody else's is written as it was read: 01234 and 12345678901234567890 too.
  const document = parseDocument(text, { schema: "failsafe" });
  refuseBroken(document, project);
  if (!isMap(document.get("config"))) document.set("config", new YAMLMap());
  if (!isMap(document.getIn(["config", key]))) {
    document.setIn(["config", key], new YAMLMap());
    for (const [name, entries] of Object.entries(before)) setEntries(document, ["config", key, name], entries);
  }
  setEntries(document, ["config", key, app], set);
  return document.toString({ lineWidth: 0 });
}

function setEntries(document: Document, path: readonly string[], entries: Readonly<Record<string, unknown>>): void {
  if (!isMap(document.getIn(path))) document.setIn(path, new YAMLMap());
  for (const [name, value] of Object.entries(entries)) {
    const there = document.getIn([...path, name], true);
    // A comment that stands beside it stays.
    if (isScalar(there)) Object.assign(there, scalar(value));
    else document.setIn([...path, name], scalar(value));
  }
}

/** A file that cannot be read whole would be written in part. */
function refuseBroken(
  { errors: [error] }: Pick<Document, "errors">,
  { configFile }: Pick<Project, "configFile">,
): void {
  if (error === undefined) return;
  const line = error.linePos?.[0].line;
  const [words = ""] = error.message.split("\n");
  throw new FormationError("InvalidInput", `${configFile}${line === undefined ? "" : `:${line}`}: ${words}`, {
    hint: "correct the file; a merge may have left it with conflicts",
  });
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
function scalar(value: unknown): Scalar {
  const made = new Scalar(String(value));
  made.type = typeof value === "string" ? Scalar.QUOTE_DOUBLE : Scalar.PLAIN;
  return made;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
