import { FormationError } from "../../../core/values/errors";
import type { RegistryAuth } from "../../../core/inputs/spec";
import { formatBytes, formatDuration, type Seconds } from "../../../core/values/units";
import type { AgreedEngine } from "../../../engine/api-version";
import { engineError, isAnswerLost, NoEngine } from "../../../engine/errors";
import { query } from "../../../engine/client";
import { Refusal } from "../../../engine/refusal";
import { credentialsFor, registryHeaders, wordsOn, type Credentials } from "../../../engine/registry/registry-auth";

interface PullEvent {
  readonly id?: string;
  /** The only sign of a failure once the pull has begun: its status was a success by then. */
  readonly error?: string;
  readonly errorDetail?: { readonly message?: string };
  readonly progressDetail?: { readonly current?: number; readonly total?: number };
}

const SAY_EVERY_MS = 1_000;
/** A pull without progress for longer than this fails: engines verify and unpack layers without reporting. */
const NO_PROGRESS: Seconds = 300;

/** Pulls an image and reports its progress at most once a second. */
export async function pullImage(
  engine: AgreedEngine,
  image: string,
  registryAuth: readonly RegistryAuth[],
  say: (progress: string) => void,
): Promise<void> {
  const { host } = engine;
  const layers = new Map<string, { current: number; total: number }>();
  let said = -Infinity;
  const progress = ({ id, progressDetail, error, errorDetail }: PullEvent) => {
    const failure = error ?? errorDetail?.message;
    // The same error as a refusal before the pull began.
    if (failure !== undefined) throw new Refusal(500, failure);
    if (id === undefined || progressDetail?.current === undefined || progressDetail.total === undefined) return;
    layers.set(id, { current: progressDetail.current, total: progressDetail.total });
    if (performance.now() - said < SAY_EVERY_MS) return;
    said = performance.now();
    const sum = (key: "current" | "total") => [...layers.values()].reduce((total, layer) => total + layer[key], 0);
    say(`pulling ${image} on ${host.name}: ${formatBytes(sum("current"))} of ${formatBytes(sum("total"))}`);
  };
  say(`pulling ${image} on ${host.name}`);
  const found = await credentialsFor(image, registryAuth, process.env);
  const once = () => follow(engine, image, found.credentials, progress);
  try {
    // A second pull goes on from the layers that have arrived.
    await once().catch((error: unknown) => (isAnswerLost(error) ? once() : Promise.reject(error as Error)));
  } catch (cause) {
    const words = [engineError(cause, host).message, ...wordsOn(found)].join("; ");
    throw new FormationError("ImageMissing", `image ${image} is not on ${host.name} and cannot be pulled: ${words}`, {
      hint: "build or load it there, correct image, or give registryAuth",
      cause,
    });
  }
}

async function follow(
  engine: AgreedEngine,
  image: string,
  credentials: Credentials | undefined,
  progress: (event: PullEvent) => void,
): Promise<void> {
  const abort = new AbortController();
  const stuck = setTimeout(() => abort.abort(), NO_PROGRESS * 1000);
  const headers = registryHeaders(credentials);
  const path = `/images/create${query(partsOf(image))}`;
  try {
    let rest = "";
    for await (const chunk of engine.stream(path, abort.signal, { method: "POST", headers })) {
      stuck.refresh();
      const lines = (rest + chunk.toString("utf8")).split("\n");
      rest = lines.pop() ?? "";
      lines.forEach((line) => progress(eventIn(line)));
    }
    progress(eventIn(rest));
    if (abort.signal.aborted) throw new Refusal(500, `no progress for ${formatDuration(NO_PROGRESS)}`);
  } finally {
    clearTimeout(stuck);
    abort.abort();
  }
}

function eventIn(line: string): PullEvent {
  try {
    return line.trim() === "" ? {} : (JSON.parse(line) as PullEvent);
  } catch {
    throw new NoEngine(line);
  }
}

/** Names a tag in any case: without one an engine would pull all of them. */
function partsOf(image: string): { readonly fromImage: string; readonly tag: string } {
  const [, fromImage = image, digest, tag = "latest"] = /^(.*?)(?:@(.*)|:([^/:]*))?$/.exec(image) ?? [];
  return { fromImage, tag: digest ?? tag };
}
