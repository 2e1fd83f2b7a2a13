import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { OVERTAKEN, REQUEST_VARIABLE, STOPS_UNASKED, type Request } from "../provider/core/request";
import { eventOf } from "./events";
import { followLines } from "./follow";
import type { Env, Project } from "./project";
import { complaintIn, ended, startPulumi } from "./pulumi";

/** How an update of one formation ended. */
export type Outcome =
  | { readonly kind: "done"; readonly outputs: Readonly<Record<string, unknown>>; readonly troubles: readonly string[] }
  /** Nothing was touched: the formation is another by now. */
  | { readonly kind: "overtaken" }
  /** Nothing was touched: running processes would be stopped. */
  | { readonly kind: "unconfirmed"; readonly plan: string; readonly stops: string }
  /** Nothing was touched: somebody else updates the stack. */
  | { readonly kind: "locked"; readonly by: string }
  /** `touched` when processes may have been started or stopped all the same. */
  | { readonly kind: "failed"; readonly touched: boolean; readonly reasons: readonly string[] };

export interface UpdateOptions {
  readonly request: Request;
  readonly configFile: string;
  readonly message: string;
  readonly actor: string;
  readonly onProgress: (text: string) => void;
  readonly onWarning: (text: string) => void;
}

/** Updates one formation, and nothing else of its stack. */
export async function updateFormation(project: Project, env: Env, options: UpdateOptions): Promise<Outcome> {
  const { request, configFile, message, actor } = options;
  const folder = mkdtempSync(join(tmpdir(), "formation-"));
  const [events, complaints] = [join(folder, "events"), join(folder, "stderr")];
  const [out, err] = [openSync(events, "w"), openSync(complaints, "w")];
  const seen: Seen = { begun: false, outputs: undefined, said: [], errors: [] };
  try {
    const child = startPulumi(
      project,
      [
        ...["up", "--yes", "--skip-preview", "--json", "--target", request.urn],
        ...["--config-file", configFile, "--message", message],
      ],
      { ...env, [REQUEST_VARIABLE]: JSON.stringify(request), FORMATION_ACTOR: actor },
      // A group of its own, which a Ctrl-C on the terminal does not reach: the second one would kill the engine in the
      // middle of a step. Files, because Pulumi would die of a pipe that nobody reads any more.
      { detached: true, stdio: ["ignore", out, err] },
    );
    const finish = followLines(events, (line) => note(seen, line, options));
    const code = await ended(child).finally(finish);
    return outcomeOf(seen, code, readFileSync(complaints, "utf8"));
  } finally {
    closeSync(out);
    closeSync(err);
    rmSync(folder, { recursive: true, force: true });
  }
}

interface Seen {
  begun: boolean;
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

function outcomeOf({ begun, outputs, said, errors }: Seen, code: number, stderr: string): Outcome {
  const told = [...new Set(errors)];
  if (outputs !== undefined) return { kind: "done", outputs, troubles: code === 0 ? [] : reasonsIn(told, stderr) };
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

/** Pulumi's own words after everybody else's. */
const FINAL_WORDS = "update failed";

function reasonsIn(errors: readonly string[], stderr: string): readonly string[] {
  const told = errors.filter((text) => text !== FINAL_WORDS);
  return told.length > 0 ? told : [complaintIn(stderr)];
}

/** `adam@laptop (pid 123) at 2026-…`, or what the service says. */
export function lockHolder(stderr: string): string | undefined {
  if (!/currently locked by|another update is currently in progress/i.test(stderr)) return undefined;
  const holders = [...stderr.matchAll(/created by (.+)$/gm)].map(([, who = ""]) => who.trim());
  return holders.length === 0 ? "another update" : holders.join(", ");
}
