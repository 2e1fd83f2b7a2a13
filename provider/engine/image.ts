import { createHash } from "node:crypto";
import { canonicalJson } from "../core/values/digest";
import { optional } from "../core/inputs/process-type";
import { compare } from "../core/values/formation";
import { hasCode } from "../core/values/errors";
import type { ImageConfig, ImageFacts } from "../core/values/image";
import type { Get } from "./client";
import { IMAGE, whole } from "./whole";

/** Answer of an engine about an image, as far as it is used here; Podman and old engines leave some of it out. */
export interface ImageAnswer {
  readonly Id: string;
  readonly RepoDigests?: readonly string[] | null;
  readonly Os?: string;
  readonly Architecture?: string;
  readonly Variant?: string;
  readonly Config?: Readonly<Record<string, unknown>> | null;
  readonly RootFS?: { readonly Layers?: readonly string[] | null };
  /** Manifests that the image's index leads to; told only when asked for, from API 1.48 on. */
  readonly Manifests?: readonly { readonly ID: string; readonly Kind: string; readonly Available: boolean }[];
}

/** Parts of an image's configuration that its containers have. Engines differ in the other parts. */
const PARTS = [
  "Cmd",
  "Entrypoint",
  "Env",
  "ExposedPorts",
  "Healthcheck",
  "Labels",
  "Shell",
  "StopSignal",
  "User",
  "Volumes",
  "WorkingDir",
];

/** Writes a reference as a part of a path. */
export function imagePath(image: string): string {
  return image.split("/").map(encodeURIComponent).join("/");
}

/** Finds the image that a reference or an id means on an engine. */
export async function inspectImage(get: Get, image: string, query = ""): Promise<ImageAnswer | undefined> {
  try {
    return whole(await get<ImageAnswer>(`/images/${imagePath(image)}/json${query}`), IMAGE);
  } catch (error) {
    if (hasCode(error, "NotFound")) return undefined;
    throw error;
  }
}

/** @returns undefined when the engine does not tell the image's layers, without which contents cannot be compared */
export function factsOf({
  RepoDigests,
  Os,
  Architecture,
  Variant,
  Config,
  RootFS,
}: ImageAnswer): ImageFacts | undefined {
  const layers = RootFS?.Layers ?? [];
  if (layers.length === 0) return undefined;
  const platform = [Os, Architecture, Variant].filter(Boolean).join("/");
  const parts = PARTS.map((part) => [part, Config?.[part]] as const).filter(([, value]) => !isEmpty(value));
  const content = createHash("sha256").update(canonicalJson([platform, layers, Object.fromEntries(parts)]));
  return { content: content.digest("hex"), platform, digests: RepoDigests ?? [], config: configOf(Config ?? {}) };
}

type Config = NonNullable<ImageAnswer["Config"]>;

function configOf({ Entrypoint, Cmd, Healthcheck, Volumes, Labels }: Config): ImageConfig {
  const [check] = wordsIn((Healthcheck as { readonly Test?: unknown } | null | undefined)?.Test);
  const entrypoint = wordsIn(Entrypoint);
  return {
    entrypoint,
    command: wordsIn(Cmd),
    hasHealthCheck: check !== undefined && check !== "NONE",
    volumes: Object.keys(Volumes ?? {}).sort(compare),
    ...optional("processTypes", processTypesIn(entrypoint, Labels)),
  };
}

function wordsIn(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.map(String) : [];
}

/** Reads what buildpacks say of an image that they have made: its entrypoint is their launcher's. */
function processTypesIn([first = ""]: readonly string[], labels: unknown): readonly string[] | undefined {
  if (!first.startsWith("/cnb/")) return undefined;
  const text = (labels as Readonly<Record<string, unknown>> | null | undefined)?.["io.buildpacks.build.metadata"];
  try {
    const { processes } = JSON.parse(String(text)) as { readonly processes?: readonly { readonly type?: unknown }[] };
    return (processes ?? []).flatMap(({ type }) => (typeof type === "string" ? type : []));
  } catch {
    return [];
  }
}

/** True for a value that is not set, which engines write in different ways. */
function isEmpty(value: unknown): boolean {
  if (value === undefined || value === null || value === "") return true;
  return typeof value === "object" && Object.keys(value).length === 0;
}
