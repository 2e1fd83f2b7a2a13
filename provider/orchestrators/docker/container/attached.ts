import type { Duplex, Readable, Writable } from "node:stream";
import type { DesiredInstance } from "../../../core/model/desired";
import { FormationError, hasCode } from "../../../core/values/errors";
import { AgreedEngine } from "../../../engine/api-version";
import { SilenceGuard } from "../../../engine/silence";
import { createContainer, createOptions } from "./container";
import { writeFiles } from "./secret-files";
import { connect } from "./networks";
import { query, type EngineHttp } from "../../../engine/client";
import type { Exit } from "../../../engine/exit";
import { nextFrame } from "../../../engine/frames";

/** Input, output and signals that a process is attached to. */
export interface Terminal {
  readonly input: Readable;
  readonly output: Writable;
  readonly errors: Writable;
  /** True when the process gets a terminal of its own. */
  readonly tty: boolean;
  /** Calls back with the size of our terminal, now and at each change. @returns a function that ends the callbacks */
  readonly sized: (resize: (columns: number, rows: number) => void) => () => void;
  /** Calls back with each signal that we receive. @returns a function that ends the callbacks */
  readonly signalled: (send: (signal: "SIGINT" | "SIGTERM") => void) => () => void;
}

/** Time that a process has to end after the first signal before it is killed. */
const PATIENCE_MS = 10_000;
/** Missed answers that a session survives, so that a short network outage does not end it; each takes some 10 s. */
const MISSED_ANSWERS = 1;

/**
 * Runs a one-off process in front of a person or a script. Once started, it is removed by the engine itself when it
 * ends, whatever happens to this program.
 *
 * @returns the process's exit code
 */
export async function runAttached(engine: EngineHttp, want: DesiredInstance, terminal: Terminal): Promise<number> {
  const control = new Control(engine);
  const deaf = terminal.signalled((signal) => control.signal(signal));
  const agreed = new AgreedEngine(engine);
  const attention = new SilenceGuard(engine.host, () => engine.get("/version"), MISSED_ANSWERS);
  try {
    if (want.files !== undefined) await writeFiles(agreed, want, want.files);
    const { id } = await createContainer(agreed, attachedOptions(want, terminal.tty), true);
    // Podman forgets the exit code of a container that it has removed.
    const condition = (await agreed.isPodman()) ? "next-exit" : "removed";
    const over = new AbortController();
    try {
      await connect(agreed, id, want);
      return await attention.keep(() => runCreated(engine, id, condition, terminal, control, over.signal));
    } finally {
      over.abort();
      await attention.keep(() => remove(engine, id));
    }
  } finally {
    deaf();
    control.end();
  }
}

async function runCreated(
  engine: EngineHttp,
  id: string,
  condition: "next-exit" | "removed",
  terminal: Terminal,
  control: Control,
  over: AbortSignal,
): Promise<number> {
  const attach = query({ stream: true, stdin: true, stdout: true, stderr: true });
  const socket = await engine.upgrade(`/containers/${id}/attach${attach}`);
  // The terminal is released when the wait is given up, as for an engine that became unreachable.
  over.addEventListener("abort", () => {
    terminal.input.unpipe(socket);
    socket.destroy();
  });
  const exit = await engine.later<Exit>(`/containers/${id}/wait${query({ condition })}`);
  const written = terminal.tty ? passOn(socket, terminal) : passOnFrames(socket, terminal);
  written.catch(() => undefined);
  let unsize: (() => void) | undefined;
  try {
    await control.start(id);
    terminal.input.pipe(socket);
    if (terminal.tty) unsize = terminal.sized((w, h) => control.post(`/containers/${id}/resize${query({ w, h })}`));
    const { StatusCode: code } = await exit.answer;
    await written;
    return code;
  } finally {
    unsize?.();
    terminal.input.unpipe(socket);
    socket.destroy();
  }
}

/** Start, signals and resizes of a process that runs attached. */
class Control {
  #id: string | undefined;
  #signals = 0;
  #patience: NodeJS.Timeout | undefined;

  constructor(readonly engine: EngineHttp) {}

  /** @throws Interrupted when a signal came before the start */
  async start(id: string): Promise<void> {
    if (this.#signals > 0) throw new FormationError("Interrupted", "stopped before the process was started");
    await this.engine.act("POST", `/containers/${id}/start`, { isUnique: true });
    this.#id = id;
  }

  /** Passes on the first signal. A process that does not end in time is killed, as it is at a second signal. */
  signal(signal: string): void {
    const id = this.#id;
    this.#signals++;
    if (id === undefined) return;
    const kill = () => void remove(this.engine, id).catch(() => undefined);
    if (this.#signals > 1) return kill();
    this.#patience = setTimeout(kill, PATIENCE_MS);
    this.post(`/containers/${id}/kill${query({ signal })}`);
  }

  /** Sends a call and ignores its failure, because the process may be gone already. */
  post(path: string): void {
    this.engine.act("POST", path, { isUnique: true }).catch(() => undefined);
  }

  end(): void {
    clearTimeout(this.#patience);
  }
}

function attachedOptions(want: DesiredInstance, tty: boolean) {
  const options = createOptions(want, undefined);
  return {
    ...options,
    Tty: tty,
    OpenStdin: true,
    StdinOnce: true,
    AttachStdin: true,
    AttachStdout: true,
    AttachStderr: true,
    HostConfig: { ...options.HostConfig, AutoRemove: true },
  };
}

async function remove(engine: EngineHttp, id: string): Promise<void> {
  try {
    await engine.act("DELETE", `/containers/${id}${query({ force: true, v: true })}`);
  } catch (error) {
    // The engine refuses to remove a container whose removal is under way; both cases are success.
    if (!hasCode(error, "NotFound") && !/already in progress/.test(String(error))) throw error;
  }
}

async function passOn(socket: Duplex, { output }: Terminal): Promise<void> {
  for await (const chunk of socket) await write(output, chunk as Buffer);
}

async function passOnFrames(socket: Duplex, { output, errors }: Terminal): Promise<void> {
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of socket) {
    rest = Buffer.concat([rest, chunk as Buffer]);
    for (let next = nextFrame(rest); next[1] !== undefined; next = nextFrame(rest)) {
      rest = next[2];
      await write(next[0] === "stdout" ? output : errors, next[1]);
    }
  }
}

/** Resolves once the data is written, or can never be. */
function write(to: Writable, data: Buffer): Promise<void> {
  return new Promise((resolve) => to.write(data, () => resolve()));
}
