import { FormationError } from "../../../provider/core/values/errors";
import type { ImageAnswer } from "../../../provider/engine/image";
import type { FakeEngine } from "./engine";

/** The image store of an engine: `containerd` is the default of Docker 29. */
export type Store = "classic" | "containerd";

/** A result of `docker build`. */
export interface Build {
  /** Stands for the layers and the configuration. */
  readonly content: string;
  /** BuildKit writes another one at each build, also when nothing has changed. */
  readonly attestation?: string;
  /** Default: `linux/amd64`. */
  readonly platform?: string;
  /** Digests that a registry has for it. */
  readonly digests?: readonly string[];
}

/** The id that an engine gives to an image. */
function idOf(store: Store, { content, attestation, platform = "" }: Build): string {
  if (store === "classic") return `sha256:config of ${content}${platform}`;
  const manifest = manifestDigest({ content, platform });
  return attestation === undefined ? manifest : `sha256:index of ${manifest} and ${attestation}`;
}

function manifestDigest({ content, platform = "" }: Build): string {
  return `sha256:manifest of ${content}${platform}`;
}

/** The part of a container's list entry that names the manifest of its image. */
export function descriptorOf({ store, builds }: FakeEngine, imageId: string): object {
  const made = builds.get(imageId);
  if (store === "classic" || made === undefined) return {};
  return { ImageManifestDescriptor: { digest: manifestDigest(made) } };
}

/** Points a reference at a build. */
export function build(engine: FakeEngine, reference: string, made: Build): void {
  engine.images.set(reference, known(engine, made));
}

/** Puts a build into the registry. */
export function push(engine: FakeEngine, reference: string, made: Build): void {
  engine.registry.set(reference, known(engine, made));
}

function known({ store, builds }: FakeEngine, made: Build): string {
  const id = idOf(store, made);
  builds.set(id, made);
  return id;
}

/** Takes an image away for good, as `docker rmi --force` does. */
export function forget(engine: FakeEngine, id: string): void {
  engine.forgotten.add(id);
}

/** The answer to `GET /images/…/json`, for a reference or an id. @throws NotFound */
export function imageAnswer(engine: FakeEngine, path: string): ImageAnswer {
  const [, name = "", query] = /^\/images\/(.*)\/json(\?.*)?$/.exec(path) ?? [];
  const asked = decodeURIComponent(name);
  const id = engine.images.get(asked) ?? (isKnown(engine, asked) ? asked : undefined);
  if (id === undefined) throw new FormationError("NotFound", `${engine.name}: No such image: ${asked}`);
  const made = engine.builds.get(id) ?? { content: id };
  const [Os = "", Architecture = ""] = (made.platform ?? "linux/amd64").split("/");
  const [repository = ""] = asked.split(":");
  const own = engine.store === "containerd" ? [`${repository}@${id}`] : [];
  const manifest = { ID: manifestDigest(made), Kind: "image", Available: true };
  return {
    Id: id,
    Os,
    Architecture,
    RepoDigests: [...own, ...(made.digests ?? [])],
    Config: { Env: ["PATH=/bin"] },
    RootFS: { Layers: [`layers of ${made.content}`] },
    ...(query === "?manifests=1" && engine.store === "containerd" ? { Manifests: [manifest] } : {}),
  };
}

function isKnown(engine: FakeEngine, id: string): boolean {
  if (engine.forgotten.has(id)) return false;
  return engine.builds.has(id) || [...engine.images.values(), ...engine.boxes().map((box) => box.imageId)].includes(id);
}
