/** Output of a process. */
export type Stream = "stdout" | "stderr";

export const HEADER = 8;
/** Streams by their number in a frame; in the last one the engine itself reports why it cannot go on. */
const STREAMS = ["stdout", "stdout", "stderr", "failure"] as const;

/** First frame of some data. Its message is absent until all of it has arrived. */
export type Next = readonly [stream: Stream | "failure", message: Buffer | undefined, rest: Buffer];

/** Reads a frame: an engine puts a header with stream and length before each output of a process without a terminal. */
export function nextFrame(data: Buffer): Next {
  const stream = STREAMS[data[0] ?? 0] ?? "stdout";
  const end = data.length < HEADER ? Infinity : HEADER + data.readUInt32BE(4);
  return data.length < end ? [stream, undefined, data] : [stream, data.subarray(HEADER, end), data.subarray(end)];
}

export function isHeader(data: Buffer): boolean {
  return (
    data.length >= HEADER && STREAMS[data[0] ?? 9] !== undefined && data[1] === 0 && data[2] === 0 && data[3] === 0
  );
}
