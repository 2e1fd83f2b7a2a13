import { createHash } from "node:crypto";
import { existsSync, readFileSync, realpathSync } from "node:fs";
import { dirname, extname, isAbsolute, join, resolve } from "node:path";
import { FormationError } from "../../provider/core/values/errors";
import { findBackend, pulumiHome, type Backend } from "./backend";
import type { Env } from "./env";
import { parseYaml, readJson } from "./files";

/** The Pulumi project and stack that a command works on. */
export interface Project {
  /** The folder of Pulumi.yaml. */
  readonly folder: string;
  readonly name: string;
  /** The name that Pulumi is given: `dev`, or `org/project/dev`. */
  readonly stack: string;
  /** `dev` */
  readonly stackName: string;
  /** Pulumi.dev.yaml; it need not exist. */
  readonly configFile: string;
  /** Arguments that name the file to Pulumi, when Pulumi would take another by itself. */
  readonly configArguments: readonly string[];
  /** Configuration in Pulumi.yaml, which holds for every stack unless the stack's own file overrides it. */
  readonly defaults: Readonly<Record<string, unknown>>;
  readonly backend: Backend;
}

const PROJECT_FILES = ["Pulumi.yaml", "Pulumi.yml", "Pulumi.json"];

/**
 * Finds the project in `cwd` or above, and its stack: `stack`, else PULUMI_STACK, else the one selected with
 * `pulumi stack select`.
 *
 * @param config the stack's configuration file if it is not the usual one; relative to `cwd`
 */
export function findProject(cwd: string | undefined, stack: string | undefined, env: Env, config?: string): Project {
  const file = projectFile(cwd === undefined ? shellFolder(env) : resolve(cwd));
  const folder = dirname(file);
  const declared = readDeclared(readFileSync(file, "utf8"));
  const { name } = declared;
  const chosen = stack ?? (env["PULUMI_STACK"] || selectedStack(file, name, env));
  if (chosen === undefined) {
    throw new FormationError("InvalidInput", `no stack of project ${name} is selected`, {
      hint: "say --stack <name>, or run pulumi stack select",
    });
  }
  const stackName = chosen.split("/").at(-1) ?? chosen;
  // Pulumi reads only files with the same extension as the project's own.
  const usual = join(resolve(folder, declared.stackConfigDir ?? "."), `Pulumi.${stackName}${extname(file)}`);
  const configFile = config === undefined ? usual : resolve(cwd ?? ".", config);
  return {
    folder,
    name,
    stack: chosen,
    stackName,
    configFile,
    configArguments: config === undefined ? [] : ["--config-file", configFile],
    defaults: Object.fromEntries(Object.entries(declared.config ?? {}).map(([key, value]) => [key, defaultOf(value)])),
    backend: findBackend(declared.backend?.url, folder, env),
  };
}

interface Declared {
  readonly name: string;
  readonly backend?: { readonly url?: string };
  readonly stackConfigDir?: string;
  readonly config?: Readonly<Record<string, unknown>>;
}

/** Reads simple project files without the YAML parser, which is slow to load. */
function readDeclared(text: string): Declared {
  const name = /^name: +([A-Za-z][\w.-]*) *$/m.exec(text.replaceAll("\r", ""))?.[1];
  const isPlain = name !== undefined && !/^["'{&*%-]|^(backend|stackConfigDir|config)\b/m.test(text);
  return isPlain ? { name } : (parseYaml(text) as Declared);
}

/** The owner in the labels of processes: `project/stack`. */
export function ownerOf({ name, stackName }: Project): string {
  return `${name}/${stackName}`;
}

/** The current folder as the shell names it, possibly through a link: Pulumi uses the same name. */
function shellFolder({ PWD: name }: Env): string {
  const here = process.cwd();
  try {
    return name !== undefined && isAbsolute(name) && realpathSync(name) === realpathSync(here) ? name : here;
  } catch {
    return here;
  }
}

function projectFile(cwd: string): string {
  for (let folder = cwd; ; folder = dirname(folder)) {
    const found = PROJECT_FILES.map((name) => join(folder, name)).find(existsSync);
    if (found !== undefined) return found;
    if (folder === dirname(folder)) {
      throw new FormationError("InvalidInput", `there is no Pulumi.yaml in ${cwd} or above it`, {
        hint: "go to the folder of the Pulumi program, or say --cwd <folder>",
      });
    }
  }
}

/** Reads a default, which is a plain value or an object of a value and its type. */
function defaultOf(declared: unknown): unknown {
  if (typeof declared !== "object" || declared === null) return declared;
  const { value, default: otherwise } = declared as { readonly value?: unknown; readonly default?: unknown };
  return value ?? otherwise;
}

/** Reads the selected stack, which Pulumi stores in a file named after the project file. */
function selectedStack(file: string, project: string, env: Env): string | undefined {
  // The stack may have been selected through a link to the file, or without one.
  for (const name of [file, realpathSync(file)]) {
    const digest = createHash("sha1").update(name).digest("hex");
    const selection = readJson(join(pulumiHome(env), "workspaces", `${project}-${digest}-workspace.json`));
    const { stack } = (selection ?? {}) as { readonly stack?: string };
    if (stack !== undefined && stack !== "") return stack;
  }
  return undefined;
}
