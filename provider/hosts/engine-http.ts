import { request, type Agent, type IncomingMessage } from "node:http";
import { text } from "node:stream/consumers";
import { engineError, unreachable, type Named } from "./engine-errors";

/** A look must not keep anybody waiting for an engine that does not answer. */
const LOOK_TIMEOUT_MS = 5_000;

/** Reads from an engine, with nothing but Node's own HTTP: dockerode takes longer to load than a list takes to come. */
export class EngineHttp {
  constructor(
    readonly host: Named,
    readonly agent: Agent,
  ) {}

  /** @throws NotFound, EngineRefused, HostUnreachable */
  async json<T>(path: string, timeoutMs = LOOK_TIMEOUT_MS): Promise<T> {
    const deadline = AbortSignal.timeout(timeoutMs);
    try {
      return JSON.parse(await text(await this.#get(path, deadline))) as T;
    } catch (error) {
      if (deadline.aborted) throw unreachable(this.host, `no answer within ${timeoutMs / 1000} s`, error);
      throw engineError(error, this.host);
    }
  }

  /** An answer that comes bit by bit, for as long as `signal` lets it; it then ends without an error. */
  async *stream(path: string, signal: AbortSignal): AsyncGenerator<Buffer> {
    try {
      for await (const chunk of await this.#get(path, signal)) yield chunk as Buffer;
    } catch (error) {
      if (!signal.aborted) throw engineError(error, this.host);
    }
  }

  #get(path: string, signal: AbortSignal): Promise<IncomingMessage> {
    return new Promise((resolve, reject) => {
      const call = request({ agent: this.agent, host: "docker", path, signal, headers: { Host: "docker" } });
      call.once("error", reject);
      call.once("response", (response) => {
        const { statusCode = 0 } = response;
        if (statusCode < 300) return resolve(response);
        text(response).then((body) => reject(refusal(statusCode, body)), reject);
      });
      call.end();
    });
  }
}

/** As dockerode has it. */
function refusal(statusCode: number, body: string): Error {
  let words = body;
  try {
    words = (JSON.parse(body) as { message?: string }).message ?? body;
  } catch {
    // Not the engine's own words then.
  }
  return Object.assign(new Error(words), { statusCode });
}

/** `?a=1&filters={…}`, without what is undefined. */
export function query(parameters: Readonly<Record<string, string | number | boolean | object | undefined>>): string {
  const words = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters))
    if (value !== undefined) words.set(name, typeof value === "object" ? JSON.stringify(value) : String(value));
  return `?${words.toString()}`;
}
