import { FormationError } from "../../provider/core/values/errors";
import { formatFormation, type Formation } from "../../provider/core/values/formation";
import { OVERTAKEN, REQUEST_VARIABLE, STOPS_UNASKED, type Request } from "../../provider/core/inputs/operator-request";
import { eventOf } from "./events";
import type { Env } from "../project/env";
import type { Project } from "../project/project";
import { complaintIn, quietArguments, pulumiCommand, QUICK } from "../project/pulumi";
import type { Job } from "../runtime/job";
import { neededFor, pluginsOf } from "../runtime/recorded";
import { Runtime } from "../runtime/start";
import { readResources } from "../state/checkpoint";

/** Outcome of the update of one formation. */
export type Outcome =
  | { readonly kind: "done"; readonly outputs: Readonly<Record<string, unknown>>; readonly troubles: readonly string[] }
  /** Nothing was touched: the formation has changed in the meantime. */
  | { readonly kind: "overtaken" }
  /** Nothing was touched: running processes would be stopped. */
  | { readonly kind: "unconfirmed"; readonly plan: string; readonly stops: string }
  /** Nothing was touched: somebody else updates the stack. */
  | { readonly kind: "locked"; readonly by: string }
  /** `touched` is true when processes may have been started or stopped all the same. */
  | { readonly kind: "failed"; readonly touched: boolean; readonly reasons: readonly string[] };

export interface UpdateOptions {
  readonly request: Request;
  /** Quantities that the formation is to have after the update. */
  readonly wanted: Formation;
  readonly configFile: string;
  readonly message: string;
  readonly actor: string;
  /** Process that was started for it, if there is one already. */
  readonly runtime?: Runtime;
  /** Called with the process group that does the work. */
  readonly onStart: (group: number) => void;
  readonly onProgress: (text: string) => void;
  readonly onWarning: (text: string) => void;
}

/** Updates one formation and no other resource: instead of running a program, registers resources as recorded. */
export async function updateFormation(project: Project, env: Env, options: UpdateOptions): Promise<Outcome> {
  const seen: Seen = { begun: false, astray: undefined, outputs: undefined, said: [], errors: [] };
  const { runtime = new Runtime(env), onStart } = options;
  try {
    const job = jobFor(project, env, options, await readResources(project, env, false));
    const { code, complaints } = await runtime.run(job, (line) => note(seen, line, options), onStart);
    return outcomeOf(seen, code, complaints, options);
  } finally {
    runtime.discard();
  }
}

function jobFor(
  project: Project,
  env: Env,
  { request, configFile, message, actor }: UpdateOptions,
  state: Parameters<typeof neededFor>[1],
): Job {
  const resources = neededFor(request.urn, state);
  const { command, path } = pulumiCommand(project.folder, env);
  if (!resources.some(({ urn }) => urn === request.urn))
    throw new FormationError("NotFound", `the state of stack ${project.stack} no longer has ${request.urn}`);
  return {
    folder: project.folder,
    project: project.name,
    stack: project.stack,
    target: request.urn,
    resources,
    bystanders: pluginsOf(state),
    command,
    args: [
      "up",
      "--yes",
      "--skip-preview",
      "--json",
      "--target",
      request.urn,
      "--config-file",
      configFile,
      "--message",
      message,
      ...quietArguments(project),
    ],
    env: { ...QUICK, PATH: path, [REQUEST_VARIABLE]: JSON.stringify(request), FORMATION_ACTOR: actor },
  };
}

interface Seen {
  begun: boolean;
  /** The operation that Pulumi carried out instead of an update. */
  astray: string | undefined;
  outputs: Readonly<Record<string, unknown>> | undefined;
  readonly said: string[];
  readonly errors: string[];
}

function note(seen: Seen, line: string, { request, onProgress, onWarning }: UpdateOptions): void {
  const event = eventOf(line, request.urn);
  switch (event?.kind) {
    case "begun":
      seen.begun = true;
      break;
    case "updated":
      seen.outputs = event.outputs;
      break;
    case "astray":
      seen.astray = event.op;
      break;
    case "progress":
      onProgress(event.text);
      break;
    case "info":
      seen.said.push(event.text);
      break;
    case "warning":
      onWarning(event.text);
      break;
    case "error":
      seen.errors.push(event.text);
      break;
    case undefined:
  }
}

function outcomeOf(seen: Seen, code: number, stderr: string, options: UpdateOptions): Outcome {
  const { begun, astray, outputs, said, errors } = seen;
  const told = [...new Set(errors)];
  if (astray !== undefined) {
    const what = `Pulumi did something else than to update the formation: ${astray}`;
    return { kind: "failed", touched: true, reasons: [what, ...reasonsIn(told, stderr)] };
  }
  if (outputs !== undefined) {
    const other = otherThanAsked(options, outputs);
    if (other !== undefined) return { kind: "failed", touched: true, reasons: [other] };
    return { kind: "done", outputs, troubles: code === 0 ? [] : reasonsIn(told, stderr) };
  }
  if (told.some((text) => text.includes(OVERTAKEN))) return { kind: "overtaken" };
  const stops = told.find((text) => text.includes(STOPS_UNASKED));
  if (stops !== undefined) {
    const plan = said.findLast((text) => text.startsWith("formation ")) ?? "";
    return { kind: "unconfirmed", plan, stops };
  }
  const by = lockHolder(stderr);
  if (by !== undefined) return { kind: "locked", by };
  return { kind: "failed", touched: begun, reasons: reasonsIn(told, stderr) };
}

/** Difference between the outcome and the request, if any; a release under way may have removed other types. */
function otherThanAsked(
  { wanted, request }: UpdateOptions,
  outputs: Readonly<Record<string, unknown>>,
): string | undefined {
  const formation = (outputs["formation"] ?? {}) as Formation;
  const types = Object.keys(wanted).filter((type) => Object.hasOwn(formation, type) || request.scale.includes(type));
  if (types.length > 0 && types.every((type) => formation[type] === wanted[type])) return undefined;
  return `the formation is ${formatFormation(formation, types)}, not ${formatFormation(wanted, types)} as asked for`;
}

/** Pulumi's closing error, which gives no reason. */
const FINAL_WORDS = "update failed";

function reasonsIn(errors: readonly string[], stderr: string): readonly string[] {
  const told = errors.filter((text) => text !== FINAL_WORDS);
  return told.length > 0 ? told : [complaintIn(stderr)];
}

/** Reads the holder of Pulumi's lock: `adam@laptop (pid 123) at 2026-…`, or the service's message. */
export function lockHolder(stderr: string): string | undefined {
  if (!/currently locked by|another update is currently in progress/i.test(stderr)) return undefined;
  const holders = [...stderr.matchAll(/created by (.+)$/gm)].map(([, who = ""]) => who.trim());
  return holders.length === 0 ? "another update" : holders.join(", ");
}
