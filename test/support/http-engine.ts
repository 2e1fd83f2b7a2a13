import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { DockerHost } from "../../provider/orchestrators/docker/host/docker-host";
import { reach } from "../../provider/orchestrators/viewers";
import { transportTo } from "../../provider/engine/connect/transports";

/** Answer of an engine that is made up. */
export type Reply =
  | { readonly status?: number; readonly body?: unknown; readonly type?: string; readonly after?: number }
  /** Breaks the connection. */
  | "cut"
  /** Never answers. */
  | "silence";

type Replies = (call: string, n: number) => Reply | undefined | Promise<Reply | undefined>;

/** A call, as the engine received it. */
interface Heard {
  readonly call: string;
  readonly query: string;
  readonly headers: IncomingMessage["headers"];
}

/** Pieces of JSON, sent one by one; after them the answer ends, breaks off, or goes on without data. */
interface Parts {
  readonly parts: readonly unknown[];
  readonly then: "end" | "cut" | "silence";
}

/** Engine behind a socket that has no containers and answers as a test wants. */
export class HttpEngine {
  /** Calls as `GET /containers/json`, without version and query. */
  readonly calls: string[] = [];
  readonly heard: Heard[] = [];
  readonly #folder = mkdtempSync(join(tmpdir(), "http-engine-"));
  readonly address = `unix://${join(this.#folder, "docker.sock")}`;
  readonly #sockets = new Set<Socket>();
  readonly #server = createServer({ keepAliveTimeout: 0 }, (asked, answer) => void this.#answer(asked, answer));

  private constructor(private readonly replies: Replies) {
    this.#server.on("connection", (socket: Socket) => {
      this.#sockets.add(socket);
      socket.once("close", () => this.#sockets.delete(socket));
    });
  }

  /** @param replies `undefined` for calls to be answered as by a healthy engine */
  static async start(replies: Replies): Promise<HttpEngine> {
    const engine = new HttpEngine(replies);
    await new Promise<void>((resolve) => engine.#server.listen(engine.address.slice("unix://".length), resolve));
    return engine;
  }

  host(name = "a"): DockerHost {
    return new DockerHost(name, this.address, transportTo({ host: this.address }, "host"));
  }

  http() {
    return reach({ host: this.address, name: "a" });
  }

  async close(): Promise<void> {
    const closed = new Promise((resolve) => this.#server.close(resolve));
    for (const socket of this.#sockets) socket.destroy();
    await closed;
    rmSync(this.#folder, { recursive: true, force: true });
  }

  async #answer(asked: IncomingMessage, answer: ServerResponse): Promise<void> {
    const call = `${asked.method} ${(asked.url ?? "").replace(/^\/v[\d.]+/, "").replace(/\?.*/, "")}`;
    this.calls.push(call);
    this.heard.push({ call, query: (asked.url ?? "").replace(/^[^?]*\??/, ""), headers: asked.headers });
    const reply = (await this.replies(call, this.calls.filter((one) => one === call).length)) ?? wellReply(call);
    if (reply === "silence") return;
    if (reply === "cut") return void asked.socket.destroy();
    const { status = 200, body, type = "application/json", after = 0 } = reply;
    await delay(after);
    answer.writeHead(status, { "content-type": type });
    if (typeof body === "string" || Buffer.isBuffer(body)) return void answer.end(body);
    if (!isParts(body)) return void answer.end(JSON.stringify(body));
    answer.flushHeaders();
    for (const part of body.parts) {
      answer.write(`${JSON.stringify(part)}\n`);
      await delay(10);
    }
    if (body.then === "end") answer.end();
    else if (body.then === "cut") asked.socket.destroy();
  }
}

function isParts(body: unknown): body is Parts {
  return typeof body === "object" && body !== null && "parts" in body;
}

function wellReply(call: string): Reply {
  switch (call) {
    case "GET /version":
      return { body: { ApiVersion: "1.41", MinAPIVersion: "1.12" } };
    case "GET /info":
      return { body: { ID: "engine", Name: "machine", NCPU: 2, MemTotal: 2 ** 30 } };
    case "GET /containers/json":
      return { body: [] };
    case "GET /volumes":
      return { body: { Volumes: null } };
    case "POST /containers/create":
      return { status: 201, body: { Id: "1", Warnings: null } };
    default:
      return call.startsWith("GET /images/")
        ? { status: 404, body: { message: "No such image" } }
        : { status: call.startsWith("GET") ? 404 : 204, body: "" };
  }
}
