import { FormationError } from "../core/values/errors";
import { engineError, NoEngine, unreachable, type Named } from "./errors";
import type { IncomingHttpHeaders } from "node:http";
import type { Act, Asked, Changing, EngineHttp, Streamed } from "./client";
import { isPodman, type EngineVersion } from "./podman";

// Engines silently drop fields that they do not know, so each call names the API version that it is made for.
const OLDEST = "1.41";
const NEWEST = "1.51";

/** Picks the newest API version that both sides know. */
function agree(engine: EngineVersion, host: string): string {
  const { ApiVersion: newest, MinAPIVersion: oldest = "1.12" } = engine;
  if (order(newest) < order(OLDEST)) {
    const message = `the engine of ${host} knows version ${newest} of the Docker API, at least ${OLDEST} is needed`;
    const needed = isPodman(engine) ? "Podman there to 4.0 or later" : "Docker there to 20.10 or later";
    throw new FormationError("EngineTooOld", message, { hint: `upgrade ${needed}` });
  }
  if (order(oldest) > order(NEWEST)) {
    const message = `the engine of ${host} asks for version ${oldest} of the Docker API, ${NEWEST} is the newest known`;
    throw new FormationError("EngineRefused", message, { hint: "upgrade pulumi-formation" });
  }
  return order(newest) < order(NEWEST) ? newest : NEWEST;
}

interface Agreed {
  readonly version: string;
  readonly isPodman: boolean;
}

/** Client of an engine that agrees on an API version before its first call. */
export class AgreedEngine implements Asked {
  readonly host: Named;
  #agreed: Promise<Agreed> | undefined;

  constructor(
    private readonly engine: EngineHttp,
    private readonly over?: AbortSignal,
  ) {
    this.host = engine.host;
  }

  /** Returns a client of the same engine whose calls fail once `over` is aborted. */
  until(over: AbortSignal): AgreedEngine {
    const same = new AgreedEngine(this.engine, over);
    same.#agreed = this.#agreed;
    return same;
  }

  /** Agreed API version, such as `v1.43`. */
  async version(): Promise<string> {
    return (await this.#known()).version;
  }

  async isPodman(): Promise<boolean> {
    return (await this.#known()).isPodman;
  }

  async get<T>(path: string, timeoutMs?: number, headers?: Readonly<Record<string, string>>): Promise<T> {
    return this.engine.get<T>(await this.#path(path), timeoutMs, headers);
  }

  async act<T = undefined>(method: Changing, path: string, how?: Act): Promise<T> {
    return this.engine.act<T>(method, await this.#path(path), how);
  }

  async head(path: string): Promise<IncomingHttpHeaders> {
    return this.engine.head(await this.#path(path));
  }

  /** See `EngineHttp.stream`. */
  async *stream(path: string, signal: AbortSignal, how?: Streamed): AsyncGenerator<Buffer> {
    yield* this.engine.stream(await this.#path(path), signal, how);
  }

  async #path(path: string): Promise<string> {
    const version = await this.version();
    if (this.over?.aborted === true) throw unreachable(this.host, "it was given up");
    return `/${version}${path}`;
  }

  #known(): Promise<Agreed> {
    return (this.#agreed ??= this.#agree());
  }

  async #agree(): Promise<Agreed> {
    try {
      const engine = await this.engine.get<Partial<EngineVersion> | undefined>("/version");
      if (!isVersion(engine)) throw engineError(new NoEngine(JSON.stringify(engine ?? "")), this.host);
      return { version: `v${agree(engine, this.host.name)}`, isPodman: isPodman(engine) };
    } catch (error) {
      this.#agreed = undefined;
      throw error;
    }
  }
}

function isVersion(answer: Partial<EngineVersion> | undefined): answer is EngineVersion {
  return typeof answer?.ApiVersion === "string";
}

/** Ranks versions by their numbers: `1.9` comes before `1.41`. */
function order(version: string): number {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  return major * 1000 + minor;
}
