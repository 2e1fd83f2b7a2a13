/** A piece of output as an engine hands it out: of stdout, of stderr, or what the engine itself has to say. */
export function frame(stream: 1 | 2 | 3, text: string | Buffer): Buffer {
  const body = Buffer.from(text);
  const header = Buffer.alloc(8);
  header[0] = stream;
  header.writeUInt32BE(body.length, 4);
  return Buffer.concat([header, body]);
}
