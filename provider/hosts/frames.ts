/** Which of a process's outputs. */
export type Stream = "stdout" | "stderr";

export const HEADER = 8;
/** In the last, the engine itself says why it cannot go on. */
const STREAMS = ["stdout", "stdout", "stderr", "failure"] as const;

/** @returns what was written in one go, if all of it is there */
export type Next = readonly [stream: Stream | "failure", message: Buffer | undefined, rest: Buffer];

/** The engine puts a header before each piece of output of a process without a terminal: its stream and its length. */
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
