import { createHash } from "node:crypto";
import { createWriteStream, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import type Docker from "dockerode";
import { run } from "./rig/run";

interface Descriptor {
  readonly mediaType: string;
  readonly digest: string;
  readonly size: number;
  readonly platform?: { readonly os: string; readonly architecture: string };
  readonly annotations?: Readonly<Record<string, string>>;
}

const INDEX = "application/vnd.oci.image.index.v1+json";
const MANIFEST = "application/vnd.oci.image.manifest.v1+json";
const CONFIG = "application/vnd.oci.image.config.v1+json";
const NOWHERE = { os: "unknown", architecture: "unknown" };

/**
 * Gives a reference the index that a cached `docker build` leaves today: the same image manifest, beside an attestation
 * that differs at each build. Only an engine with the containerd store keeps it.
 */
export function rebuildWithoutChange(docker: Docker, reference: string, attestation: string): Promise<void> {
  return rewrite(docker, reference, (layout) => writeIndex(layout, reference, attestation));
}

/** Makes a reference mean the same files as built for another processor, on an engine with the classic store. */
export function rebuildForAnother(docker: Docker, reference: string, architecture: string): Promise<void> {
  return rewrite(docker, reference, (layout) => {
    const [image] = readJson(layout, "manifest.json") as readonly { readonly Config: string }[];
    const config = readJson(layout, image!.Config) as object;
    writeFileSync(join(layout, image!.Config), JSON.stringify({ ...config, architecture }));
  });
}

/** Saves an image, lets it be changed in a folder, and loads it again. */
async function rewrite(docker: Docker, reference: string, change: (layout: string) => void): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "image-"));
  const archive = join(folder, "image.tar");
  const layout = join(folder, "layout");
  try {
    await pipeline(await docker.getImage(reference).get(), createWriteStream(archive));
    await run("sh", "-c", `mkdir "$1" && tar -x -C "$1" -f "$2"`, "sh", layout, archive);
    change(layout);
    await run("sh", "-c", `tar -c -C "$1" -f "$2" .`, "sh", layout, archive);
    await drain(await docker.loadImage(archive));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function readJson(...path: string[]): unknown {
  return JSON.parse(readFileSync(join(...path), "utf8"));
}

/** Reads a stream to its end, because an image is there only when the engine has reported all progress. */
export async function drain(stream: NodeJS.ReadableStream): Promise<void> {
  for await (const _ of stream) continue;
}

function manifestsIn(...path: string[]): readonly Descriptor[] {
  return (readJson(...path) as { readonly manifests?: readonly Descriptor[] }).manifests ?? [];
}

function writeIndex(layout: string, reference: string, attestation: string): void {
  const blob = (mediaType: string, content: object): Descriptor => {
    const bytes = Buffer.from(JSON.stringify(content));
    const hex = createHash("sha256").update(bytes).digest("hex");
    writeFileSync(join(layout, "blobs", "sha256", hex), bytes);
    return { mediaType, digest: `sha256:${hex}`, size: bytes.length };
  };
  const [top] = manifestsIn(layout, "index.json");
  const inner = manifestsIn(layout, "blobs", "sha256", top!.digest.slice("sha256:".length));
  const { mediaType, digest, size } = inner.find((one) => one.platform?.os !== "unknown") ?? top!;
  const image = {
    mediaType,
    digest,
    size,
    platform: { os: "linux", architecture: process.arch === "x64" ? "amd64" : process.arch },
  };

  const statement = blob("application/vnd.in-toto+json", { _type: "https://in-toto.io/Statement/v0.1", attestation });
  const rootfs = { type: "layers", diff_ids: [statement.digest] };
  const config = blob(CONFIG, { ...NOWHERE, config: {}, rootfs });
  const proof: Descriptor = {
    ...blob(MANIFEST, { schemaVersion: 2, mediaType: MANIFEST, config, layers: [statement] }),
    platform: NOWHERE,
    annotations: { "vnd.docker.reference.digest": digest, "vnd.docker.reference.type": "attestation-manifest" },
  };
  const index = blob(INDEX, { schemaVersion: 2, mediaType: INDEX, manifests: [image, proof] });
  const [, tag = ""] = reference.split(":");
  const names = {
    "io.containerd.image.name": `docker.io/library/${reference}`,
    "org.opencontainers.image.ref.name": tag,
  };
  const whole = { schemaVersion: 2, mediaType: INDEX, manifests: [{ ...index, annotations: names }] };
  writeFileSync(join(layout, "index.json"), JSON.stringify(whole));
  // The archive's other list of contents would be used instead.
  rmSync(join(layout, "manifest.json"), { force: true });
}
