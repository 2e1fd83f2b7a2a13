import { stripVTControlCharacters } from "node:util";

/** An event that Pulumi reports about one resource during an update. */
export type ResourceEvent =
  | { readonly kind: "begun" }
  | { readonly kind: "updated"; readonly outputs: Readonly<Record<string, unknown>> }
  /** Another operation than an update, such as a deletion or a replacement. */
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

/** @param line of `pulumi up --json` @returns the event if it is about the resource, or if it is any error */
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

/** Parses a line; one that only resembles an event becomes an empty event. */
function parsed(line: string): EngineEvent {
  try {
    return JSON.parse(line) as EngineEvent;
  } catch {
    return {};
  }
}

/** Strips the colour marks, preamble and list marks that Pulumi puts around the provider's message. */
export function plainText(message: string): string {
  return stripVTControlCharacters(message)
    .replace(/<\{%[^%]*%\}>/g, "")
    .replace(/^error: /, "")
    .replace(/^\S+ resource '[^']*' has a problem: /, "")
    .replace(/^\d+ errors? occurred:\n/, "")
    .replace(/^\s*\* /gm, "")
    .trim();
}
