import { isDeepStrictEqual } from "node:util";
import { isMap, parseDocument, type Document } from "yaml";
import { FormationError } from "../../provider/core/values/errors";
import { isByApp, type ByApp } from "../../provider/core/inputs/operator-request";
import { withEntry, withoutEntry, type Plain } from "./edit-text";
import { readText } from "./files";
import type { Env } from "./env";
import type { Project } from "./project";
import { runPulumi } from "./pulumi";

type Entries = Readonly<Record<string, number | string>>;

/** An edit of one app's entries in stack config with an object per app, such as `formation:scale`. */
export interface Edit {
  readonly key: "formation:scale" | "formation:restartedAt";
  readonly app: string;
  readonly set: Entries;
  /** Entries to remove, with the maps around them that become empty. */
  readonly unset?: readonly string[];
}

/** Reads a key with an object per app as the provider will find it. @param text of the stack's file */
export function byAppIn(text: string, key: Edit["key"], project: Pick<Project, "defaults" | "configFile">): ByApp {
  const value = valueIn(text, key, project) ?? project.defaults[key] ?? {};
  const object = typeof value === "string" ? parseJson(value) : value;
  if (isByApp(object)) return object;
  throw new FormationError("InvalidInput", `${key} in ${project.configFile} is not an object with an object per app`, {
    hint: `correct it, or take it away with pulumi config rm ${key}`,
  });
}

/** Applies an edit to the text of the stack's file and leaves every other byte alone. */
export function edited(
  text: string,
  { key, app, set, unset = [] }: Edit,
  project: Pick<Project, "defaults" | "configFile">,
): string {
  const before = byAppIn(text, key, project);
  const { configFile } = project;
  const there = parsed(text, configFile).getIn(["config", key]);
  const isNeeded = Object.keys(set).length > 0 || (typeof there === "string" && there !== "");
  // The key in the stack's file replaces all of Pulumi.yaml's, and a map replaces JSON text: copy the whole value.
  const own = isMap(there) || !isNeeded ? text : written(text, ["config", key], plain(before), configFile);
  const less = unset.reduce((now, name) => without(now, ["config", key, app, name], configFile), own);
  return Object.entries(set).reduce(
    (now, [name, value]) => written(now, ["config", key, app, name], value, configFile),
    less,
  );
}

function without(text: string, path: readonly string[], configFile: string): string {
  const after = withoutEntry(text, parsed(text, configFile).contents, path, 1);
  return refuseMore(text, after, path, undefined, configFile);
}

function written(text: string, path: readonly string[], value: Plain, configFile: string): string {
  // An empty object needs no entry.
  if (typeof value === "object" && Object.keys(value).length === 0) return text;
  const after = withEntry(text, parsed(text, configFile).contents, path, value, configFile.endsWith(".json"));
  return refuseMore(text, after, path, value, configFile);
}

/** Parses every scalar as text, so that other entries such as 01234 or 12345678901234567890 are compared exactly. */
function parsed(text: string, configFile: string): Document {
  const document = parseDocument(text, { schema: "failsafe" });
  refuseBroken(document, { configFile });
  return document;
}

/** @returns the new text @throws when it changes more than the value at the path, for example through an anchor */
function refuseMore(
  before: string,
  after: string,
  path: readonly string[],
  value: Plain | undefined,
  configFile: string,
): string {
  const expected = meaning(withValue(parsed(before, configFile).toJS(), path, value));
  const broken = parseDocument(after, { schema: "failsafe" });
  if (broken.errors.length === 0 && isDeepStrictEqual(meaning(broken.toJS()), expected)) return after;
  throw new FormationError("InvalidInput", `${configFile}: ${path.slice(1).join(".")} cannot be changed by itself`, {
    hint: "it shares an anchor with others, or is written in an unusual way: write it as a plain map, then try again",
  });
}

/** Normalizes a value for comparison: scalars become text, and an empty map equals a missing one. */
function meaning(value: unknown): unknown {
  if (typeof value !== "object" || value === null)
    return value === null ? "" : typeof value === "number" ? String(value) : value;
  if (Array.isArray(value)) return value.map(meaning);
  const entries = Object.entries(value).map(([key, inner]) => [key, meaning(inner)] as const);
  const full = entries.filter(([, inner]) => inner !== "" && inner !== EMPTY);
  return full.length === 0 ? EMPTY : Object.fromEntries(full);
}

const EMPTY = "{}";

function withValue(value: unknown, path: readonly string[], put: Plain | undefined): unknown {
  const [key, ...rest] = path;
  if (key === undefined) return put ?? "";
  const map = typeof value === "object" && value !== null ? (value as Readonly<Record<string, unknown>>) : {};
  return { ...map, [key]: withValue(map[key], rest, put) };
}

/** Converts a value that was read from a file to one that can be written. */
function plain(value: unknown): Plain {
  if (typeof value === "number" || typeof value === "string") return value;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, plain(inner)]));
}

/** Refuses a file with syntax errors, because an edit would lose the part that cannot be parsed. */
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

/** Reads a single value of stack config, decrypted if necessary. */
export async function configValue(project: Project, key: string, env: Env): Promise<string | undefined> {
  const value = valueIn(readText(project.configFile) ?? "", key, project) ?? project.defaults[key];
  if (value === undefined || typeof value === "string") return value;
  const { code, stdout } = await runPulumi(project, ["config", "get", key, ...project.configArguments], env);
  return code === 0 ? stdout.trim() : undefined;
}

function valueIn(text: string, key: string, project: Pick<Project, "configFile">): unknown {
  const document = parseDocument(text);
  refuseBroken(document, project);
  const config = (document.toJS() as { config?: Readonly<Record<string, unknown>> | null } | null)?.config;
  return config?.[key];
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
