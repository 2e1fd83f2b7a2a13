import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { Agent, createServer, request, type IncomingMessage, type ServerResponse } from "node:http";
import { connect, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Duplex } from "node:stream";

export interface Call {
  readonly method: string;
  /** Path with its query. */
  readonly path: string;
  /** Milliseconds since the epoch, with fractions. */
  readonly began: number;
  /** Time when the answer was out, or either side hung up; `undefined` while the call lasts. */
  ended: number | undefined;
}

/**
 * Fault of a call: the connection breaks before the call is passed on, or when its answer comes; or this answer is
 * given in the engine's place.
 */
export type Fault =
  "cut before" | "cut after" | { readonly status: number; readonly body: string; readonly type?: string };

/**
 * Called before the n-th call (from 1) is passed on; the call follows even if its client is gone. An error thrown here
 * becomes the answer in the engine's place.
 */
export type OnCall = (n: number, method: string, path: string) => Passing | Promise<Passing>;
// eslint-disable-next-line @typescript-eslint/no-invalid-void-type -- most callbacks return nothing
type Passing = Fault | undefined | void;

const now = () => performance.timeOrigin + performance.now();

/** Finds the socket of the engine that tests use: DOCKER_HOST's, else the default one. */
export function engineSocket(): string {
  const address = process.env["DOCKER_HOST"] ?? "";
  return address.startsWith("unix://") ? address.slice("unix://".length) : "/var/run/docker.sock";
}

/**
 * Unix socket in front of an engine's. It counts and times the calls that go through it and changes none, streams and
 * connections that leave HTTP (attach, exec) included.
 */
export class EngineProxy {
  readonly calls: Call[] = [];
  /** Greatest number of calls in flight at once. */
  mostInFlight = 0;
  readonly #folder = mkdtempSync(join(tmpdir(), "engine-proxy-"));
  readonly socketPath = join(this.#folder, "docker.sock");
  readonly address = `unix://${this.socketPath}`;
  // The proxy never ends an idle connection by itself, like an engine.
  readonly #server = createServer({ keepAliveTimeout: 0, requestTimeout: 0, headersTimeout: 0 });
  readonly #agent = new Agent({ keepAlive: true });
  readonly #clients = new Set<Duplex>();
  #inFlight = 0;

  private constructor(
    private readonly engine: string,
    private readonly onCall: OnCall | undefined,
  ) {
    this.#server.on("connection", (socket: Socket) => {
      this.#clients.add(socket);
      socket.once("close", () => this.#clients.delete(socket));
    });
    this.#server.on("request", (asked, answer) => void this.#pass(asked, answer));
    this.#server.on("upgrade", (asked, socket, head) => void this.#passUpgrade(asked, socket, head));
  }

  static async start({
    engine = engineSocket(),
    onCall,
  }: { engine?: string; onCall?: OnCall } = {}): Promise<EngineProxy> {
    const proxy = new EngineProxy(engine, onCall);
    await new Promise<void>((resolve, reject) =>
      proxy.#server.once("error", reject).listen(proxy.socketPath, () => resolve()),
    );
    return proxy;
  }

  /** Forgets the calls so far, so that the next one is the first. */
  reset(): void {
    this.calls.length = 0;
    this.mostInFlight = this.#inFlight;
  }

  async close(): Promise<void> {
    const closed = new Promise((resolve) => this.#server.close(resolve));
    for (const client of this.#clients) client.destroy();
    this.#agent.destroy();
    await closed;
    rmSync(this.#folder, { recursive: true, force: true });
  }

  async #pass(asked: IncomingMessage, answer: ServerResponse): Promise<void> {
    const n = this.#count(asked, answer);
    // A small body is read first, because a call sent in full is passed on even if its client is dead by then.
    const body = asked.headers["content-length"] === undefined ? undefined : await bodyOf(asked);
    const { method, url: path } = asked;
    const fault = await this.#faultOf(n, method ?? "", path ?? "");
    if (fault === "cut before") return void answer.destroy();
    if (typeof fault === "object") {
      answer.writeHead(fault.status, { "content-type": fault.type ?? "application/json" });
      answer.end(fault.body);
      return;
    }
    const headers = Object.fromEntries(pairs(asked.rawHeaders));
    const passed = request({ socketPath: this.engine, agent: this.#agent, method, path, headers });
    passed.on("response", (answered) => (fault === "cut after" ? answer.destroy() : copyAnswer(answered, answer)));
    passed.on("error", () => answer.destroy());
    const hangUp = () => {
      if (answer.writableFinished) return;
      if (passed.writableFinished) passed.destroy();
      else passed.once("finish", () => passed.destroy());
    };
    if (answer.closed) hangUp();
    else answer.once("close", hangUp);
    if (body !== undefined) passed.end(body);
    else if (asked.headers["transfer-encoding"] === undefined) passed.end();
    else asked.pipe(passed);
  }

  async #faultOf(n: number, method: string, path: string): Promise<Fault | undefined> {
    try {
      return (await this.onCall?.(n, method, path)) ?? undefined;
    } catch (error) {
      return { status: 500, body: JSON.stringify({ message: (error as Error).message }) };
    }
  }

  /** Passes bytes on unchanged, also those of a connection that the engine refuses to upgrade. */
  async #passUpgrade(asked: IncomingMessage, client: Duplex, head: Buffer): Promise<void> {
    const n = this.#count(asked, client);
    await this.onCall?.(n, asked.method ?? "", asked.url ?? "");
    const engine = connect({ path: this.engine, allowHalfOpen: true });
    const lines = pairs(asked.rawHeaders).map(([name, value]) => `${name}: ${value}\r\n`);
    // The request's own body goes first, because an engine takes all that follows for the connection's data.
    const body = await atLeast(Number(asked.headers["content-length"] ?? 0), client, head);
    engine.write(Buffer.concat([Buffer.from(`${asked.method} ${asked.url} HTTP/1.1\r\n${lines.join("")}\r\n`), body]));
    client.on("error", () => engine.destroy()).pipe(engine);
    engine.on("error", () => client.destroy()).pipe(client);
    client.once("close", () => engine.destroy());
  }

  #count({ method = "", url: path = "" }: IncomingMessage, answer: ServerResponse | Duplex): number {
    const call: Call = { method, path, began: now(), ended: undefined };
    this.calls.push(call);
    this.mostInFlight = Math.max(this.mostInFlight, ++this.#inFlight);
    answer.once("close", () => {
      call.ended = now();
      this.#inFlight--;
    });
    return this.calls.length;
  }
}

function copyAnswer(answered: IncomingMessage, answer: ServerResponse): void {
  answer.sendDate = false;
  answer.writeHead(answered.statusCode ?? 502, answered.statusMessage ?? "", answered.rawHeaders);
  // Headers go out at once, so that a client of a stream without data knows that it has begun.
  answer.flushHeaders();
  answered.pipe(answer);
  answered.on("error", () => answer.destroy());
}

/** Completes data to a number of bytes by reading on. */
async function atLeast(length: number, from: Duplex, head: Buffer): Promise<Buffer> {
  let read = head;
  while (read.length < length) {
    const [chunk] = (await once(from, "data")) as [Buffer];
    read = Buffer.concat([read, chunk]);
  }
  from.pause();
  return read;
}

async function bodyOf(message: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  try {
    for await (const chunk of message) chunks.push(chunk as Buffer);
  } catch {
    // The client hung up in the middle of its body, and the engine gets no more than came.
  }
  return Buffer.concat(chunks);
}

function pairs(raw: readonly string[]): [string, string][] {
  return raw.flatMap((name, at) => (at % 2 === 0 ? [[name, raw[at + 1] ?? ""] as [string, string]] : []));
}
