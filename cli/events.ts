import { stripVTControlCharacters } from "node:util";

/** What Pulumi says of one resource in the course of an update. */
export type ResourceEvent =
  | { readonly kind: "begun" }
  | { readonly kind: "updated"; readonly outputs: Readonly<Record<string, unknown>> }
  /** Deleted, say, or replaced: nothing that an update does. */
  | { readonly kind: "astray"; readonly op: string }
  | { readonly kind: "progress" | "info" | "warning" | "error"; readonly text: string };

interface EngineEvent {
  readonly resourcePreEvent?: { readonly metadata: Metadata };
  readonly resOutputsEvent?: { readonly metadata: Metadata };
  readonly diagnosticEvent?: {
    readonly urn?: string;
    readonly message: string;
    readonly severity: string;
    readonly ephemeral?: boolean;
  };
}

interface Metadata {
  readonly op: string;
  readonly urn: string;
  readonly new?: { readonly outputs?: Readonly<Record<string, unknown>> };
}

/** @param line of `pulumi up --json` @returns what it says of the resource, if anything; an error may be anybody's */
export function eventOf(line: string, urn: string): ResourceEvent | undefined {
  if (!line.startsWith("{")) return undefined;
  const { resourcePreEvent, resOutputsEvent, diagnosticEvent } = parsed(line);
  if (resourcePreEvent?.metadata.urn === urn) return { kind: "begun" };
  if (resOutputsEvent?.metadata.urn === urn) {
    const { op, new: after } = resOutputsEvent.metadata;
    if (op !== "update" && op !== "same") return { kind: "astray", op };
    return { kind: "updated", outputs: after?.outputs ?? {} };
  }
  if (diagnosticEvent === undefined) return undefined;
  const { message, severity, ephemeral } = diagnosticEvent;
  const text = plainText(message);
  if (severity === "error") return { kind: "error", text };
  if (diagnosticEvent.urn !== urn) return undefined;
  if (severity === "warning") return { kind: "warning", text };
  if (severity === "info") return { kind: ephemeral === true ? "progress" : "info", text };
  return undefined;
}

/** A line that only looks like an event says nothing. */
function parsed(line: string): EngineEvent {
  try {
    return JSON.parse(line) as EngineEvent;
  } catch {
    return {};
  }
}

/** Without the colour marks, the preamble and the list marks that Pulumi puts around what the provider said. */
export function plainText(message: string): string {
  return stripVTControlCharacters(message)
    .replace(/<\{%[^%]*%\}>/g, "")
    .replace(/^error: /, "")
    .replace(/^\S+ resource '[^']*' has a problem: /, "")
    .replace(/^\d+ errors? occurred:\n/, "")
    .replace(/^\s*\* /gm, "")
    .trim();
}
