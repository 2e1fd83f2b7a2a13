import { request, type ClientRequest, type IncomingHttpHeaders, type IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { engineError, isAnswerLost, NoEngine, unreachable, type Named } from "./errors";
import { Refusal } from "./refusal";
import type { Transport } from "./connect/transport";

/** An observation must not wait long for an engine that does not answer. */
const LOOK_TIMEOUT_MS = 5_000;
/** For anything but a stop; a frozen engine accepts connections and never answers. */
export const ACT_TIMEOUT_MS = 60_000;

type Headers = Readonly<Record<string, string>>;

interface Options {
  readonly method?: "GET" | "HEAD" | "POST" | "PUT" | "DELETE";
  readonly headers?: Headers;
  readonly signal?: AbortSignal;
  readonly isUnique?: boolean;
}

/** Options of a streamed answer. */
export type Streamed = Pick<Options, "method" | "headers">;

/** Methods of calls that change something. */
export type Changing = "POST" | "PUT" | "DELETE";

export interface Act {
  /** Plain data, or the bytes of a tar archive. */
  readonly body?: object;
  readonly headers?: Headers;
  readonly timeoutMs?: number;
  /** Ends the call, and replaces its time limit. */
  readonly signal?: AbortSignal;
  /** True when the call must not be carried out twice: it is not repeated when its answer was lost. */
  readonly isUnique?: boolean;
}

/** Asks an engine; the path names no version. */
export type Get = <T>(path: string) => Promise<T>;

/** Answers as an engine does. */
export interface Asked {
  readonly host: Named;
  get<T>(path: string, timeoutMs?: number, headers?: Headers): Promise<T>;
  stream(path: string, signal: AbortSignal, how?: Streamed): AsyncIterable<Buffer>;
}

/** The only client of an engine, on Node's own HTTP: a library takes 140 ms and 10 MB to load. */
export class EngineHttp implements Asked {
  readonly host: Named;
  readonly #transport: Transport;

  constructor(name: string, address: string, transport: Transport) {
    this.host = { name, address, explain: transport.explain };
    this.#transport = transport;
  }

  /** Closes all connections. */
  close(): void {
    this.#transport.agent.destroy();
    this.#transport.close();
  }

  /** Prepares what all connections share; that has a time limit of its own and shortens no call's. */
  async ready(): Promise<void> {
    try {
      await this.#transport.ready();
    } catch (error) {
      throw engineError(error, this.host);
    }
  }

  /** @throws NotFound, EngineRefused, HostUnreachable */
  get<T>(path: string, timeoutMs = LOOK_TIMEOUT_MS, headers: Headers = {}): Promise<T> {
    return this.#answer<T>(path, { method: "GET", headers }, timeoutMs);
  }

  /** @throws NotFound, EngineRefused, HostUnreachable */
  act<T = undefined>(method: Changing, path: string, how: Act = {}): Promise<T> {
    const { body, timeoutMs = ACT_TIMEOUT_MS, ...options } = how;
    return this.#answer<T>(path, { ...options, method }, timeoutMs, body);
  }

  /** Asks for the headers of an answer alone. @throws NotFound, EngineRefused, HostUnreachable */
  async head(path: string, timeoutMs = ACT_TIMEOUT_MS): Promise<IncomingHttpHeaders> {
    try {
      const response = await this.#send(path, { method: "HEAD", signal: AbortSignal.timeout(timeoutMs) });
      response.resume();
      return response.headers;
    } catch (error) {
      throw engineError(error, this.host);
    }
  }

  /** Streams an answer; it ends without an error when `signal` aborts. */
  async *stream(path: string, signal: AbortSignal, how: Streamed = {}): AsyncGenerator<Buffer> {
    try {
      for await (const chunk of await this.#send(path, { ...how, signal })) yield chunk as Buffer;
    } catch (error) {
      if (!signal.aborted) throw engineError(error, this.host);
    }
  }

  /** Begins a call that the engine answers only after an event. @returns the answer, to be awaited later */
  async later<T>(path: string): Promise<{ readonly answer: Promise<T> }> {
    try {
      const response = await this.#send(path, { method: "POST" });
      const answer = text(response).then(
        (body) => JSON.parse(body) as T,
        (error: unknown) => Promise.reject(engineError(error, this.host)),
      );
      answer.catch(() => undefined);
      return { answer };
    } catch (error) {
      throw engineError(error, this.host);
    }
  }

  /** Takes over the call's connection, in both directions. */
  async upgrade(path: string): Promise<Duplex> {
    try {
      return await new Promise((resolve, reject) => {
        const headers = { Connection: "Upgrade", Upgrade: "tcp" };
        const call = this.#call(path, { method: "POST", headers });
        call.once("error", reject);
        call.once("response", (response) => void refusal(response).then(reject, reject));
        call.once("upgrade", (_, socket, head) => {
          if (head.length > 0) socket.unshift(head);
          resolve(socket);
        });
        call.end();
      });
    } catch (error) {
      throw engineError(error, this.host);
    }
  }

  async #answer<T>(path: string, how: Options, timeoutMs: number, body?: object): Promise<T> {
    const { isUnique, ...options } = how;
    const deadline = options.signal ?? AbortSignal.timeout(timeoutMs);
    for (let mayRepeat = isUnique !== true; ; mayRepeat = false)
      try {
        return parsed(await text(await this.#send(path, { ...options, signal: deadline }, body))) as T;
      } catch (error) {
        if (deadline.aborted && options.signal === undefined)
          throw unreachable(this.host, `no answer within ${timeoutMs / 1000} s`, { cause: error });
        // The engine may have closed an idle connection at the very moment of this call.
        if (mayRepeat && !deadline.aborted && isAnswerLost(error)) continue;
        throw engineError(error, this.host, options.method === "GET");
      }
  }

  #send(path: string, options: Options, body?: object): Promise<IncomingMessage> {
    return new Promise((resolve, reject) => {
      const isTar = Buffer.isBuffer(body);
      const type = body === undefined ? {} : { "Content-Type": isTar ? "application/x-tar" : "application/json" };
      const call = this.#call(path, { ...options, headers: { ...options.headers, ...type } });
      call.once("error", reject);
      call.once("response", (response) => {
        if ((response.statusCode ?? 0) < 300) resolve(response);
        else void refusal(response).then(reject, reject);
      });
      call.end(body === undefined || isTar ? body : JSON.stringify(body));
    });
  }

  #call(path: string, options: Options): ClientRequest {
    return request({
      ...options,
      agent: this.#transport.agent,
      path,
      headers: { ...options.headers, Host: "docker" },
    });
  }
}

/** Does what `node:stream/consumers` does: loading that takes longer than an answer takes to arrive. */
async function text(response: IncomingMessage): Promise<string> {
  response.setEncoding("utf8");
  let body = "";
  for await (const chunk of response) body += chunk as string;
  return body;
}

function parsed(body: string): unknown {
  try {
    return body === "" ? undefined : JSON.parse(body);
  } catch {
    throw new NoEngine(body);
  }
}

async function refusal(response: IncomingMessage): Promise<Error> {
  const body = await text(response);
  const { statusCode = 0, headers } = response;
  // Podman refuses an unknown path in plain text, so only HTML is a sign of something else.
  const isPage = /html/i.test(headers["content-type"] ?? "") || /^\s*</.test(body);
  if (isPage || (statusCode !== 304 && statusCode < 400)) return new NoEngine(body, statusCode);
  return new Refusal(statusCode, messageIn(body));
}

function messageIn(body: string): string {
  try {
    return (JSON.parse(body) as { message?: string }).message ?? body;
  } catch {
    // A body that is no JSON is passed on as it is.
    return body;
  }
}

/** `?a=1&filters={…}`, without what is undefined. */
export function query(parameters: Readonly<Record<string, string | number | boolean | object | undefined>>): string {
  const words = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters))
    if (value !== undefined) words.set(name, typeof value === "object" ? JSON.stringify(value) : String(value));
  return `?${words.toString()}`;
}
