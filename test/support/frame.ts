/** A piece of output in an engine's frame: of stdout, of stderr, or a message of the engine itself. */
export function frame(stream: 1 | 2 | 3, text: string | Buffer): Buffer {
  const body = Buffer.from(text);
  const header = Buffer.alloc(8);
  header[0] = stream;
  header.writeUInt32BE(body.length, 4);
  return Buffer.concat([header, body]);
}
