import { FormationError } from "../core/values/errors";
import { plainLine } from "../core/values/plain";
import { query, type Asked } from "./client";
import { HEADER, isHeader, nextFrame, type Next, type Stream } from "./frames";

export interface LogLine {
  /** RFC 3339 with nanoseconds, by the host's clock, UTC: `2026-11-23T15:04:05.123456789Z` sorts as text. */
  readonly time: string;
  readonly stream: Stream;
  readonly text: string;
}

/** Most bytes of a line. A longer line comes in pieces, so that none fills the memory. */
const LONGEST = 1 << 20;
const NEWLINE = 0x0a;

/** Line whose end is still to come: an engine sends long lines in pieces, each with a time of its own. */
interface Begun {
  readonly time: string;
  readonly pieces: Buffer[];
  length: number;
}

/**
 * Splits a container's output with timestamps into lines. An engine sends it in frames that name their stream or, from
 * a process with a terminal, as bare lines.
 */
export async function* logLines(chunks: AsyncIterable<Buffer>): AsyncGenerator<LogLine> {
  const begun = new Map<Stream, Begun>();
  let rest: Buffer = Buffer.alloc(0);
  let framed: boolean | undefined;
  for await (const chunk of chunks) {
    rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    if (rest.length < HEADER && framed !== false) continue;
    framed ??= isHeader(rest);
    for (;;) {
      const [stream, message, after] = framed ? nextFrame(rest) : nextLine(rest);
      if (message === undefined) break;
      if (stream === "failure") throw new FormationError("EngineRefused", plainLine(message.toString("utf8")).trim());
      rest = after;
      yield* add(begun, stream, message);
    }
  }
  if (framed !== true && rest.length > 0) yield* add(begun, "stdout", rest);
  for (const [stream, line] of begun) yield finish(stream, line);
}

function nextLine(data: Buffer): Next {
  const end = data.indexOf(NEWLINE) + 1;
  return end === 0 ? ["stdout", undefined, data] : ["stdout", data.subarray(0, end), data.subarray(end)];
}

function* add(begun: Map<Stream, Begun>, stream: Stream, message: Buffer): Generator<LogLine> {
  const space = message.indexOf(" ");
  const text = message.subarray(space + 1);
  const line = begun.get(stream) ?? { time: message.toString("latin1", 0, space), pieces: [], length: 0 };
  line.pieces.push(text);
  line.length += text.length;
  if (text.at(-1) !== NEWLINE && line.length < LONGEST) return void begun.set(stream, line);
  begun.delete(stream);
  yield finish(stream, line);
}

function finish(stream: Stream, { time, pieces }: Begun): LogLine {
  const text = (pieces.length === 1 ? pieces[0] : Buffer.concat(pieces))?.toString("utf8") ?? "";
  return { time, stream, text: text.replace(/\r?\n$/, "") };
}

/**
 * Reads the last lines that a process wrote, both outputs in their order.
 *
 * @param of path of a container or a task
 */
export async function lastLines(
  engine: Pick<Asked, "stream">,
  of: string,
  tail: number,
  signal: AbortSignal,
): Promise<string> {
  const lines: string[] = [];
  const parameters = query({ stdout: true, stderr: true, timestamps: true, tail });
  for await (const { text } of logLines(engine.stream(`${of}/logs${parameters}`, signal))) lines.push(text);
  return lines.join("\n").trimEnd();
}

/** Converts a time such as `2026-11-23T15:04:05.123456789Z` into the seconds that the engine's API takes. */
export function engineTime(time: string): string {
  const seconds = Date.parse(`${time.slice(0, 19)}Z`) / 1000;
  const fraction = /^.{19}\.(\d+)/.exec(time)?.[1] ?? "";
  return `${seconds}.${fraction.padEnd(9, "0")}`;
}
