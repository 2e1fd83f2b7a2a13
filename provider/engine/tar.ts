/** An entry of a tar archive, which belongs to root: a folder, or a file with its content. */
export interface Entry {
  readonly path: string;
  readonly mode: number;
  /** Absent for a folder. */
  readonly content?: string;
}

const BLOCK = 512;
/** Longest path in an entry's own header. */
const LONGEST_PATH = 100;

/** Makes a tar archive, in which entries keep their order: a later one takes the place of an earlier one. */
export function tar(entries: readonly Entry[]): Buffer {
  const end = Buffer.alloc(2 * BLOCK);
  return Buffer.concat([...entries.flatMap(({ path, mode, content }) => packed(path, mode, content)), end]);
}

function packed(path: string, mode: number, content: string | undefined): Buffer[] {
  const long = Buffer.byteLength(path) > LONGEST_PATH ? packedAs("x", "path", 0o444, recordOf(path)) : [];
  const type = content === undefined ? "5" : "0";
  return [...long, ...packedAs(type, path.slice(0, LONGEST_PATH), mode, content ?? "")];
}

function packedAs(type: string, path: string, mode: number, content: string): Buffer[] {
  const body = Buffer.from(content);
  const header = Buffer.alloc(BLOCK);
  const octal = (value: number, at: number, size: number) =>
    header.write(value.toString(8).padStart(size - 1, "0"), at, "latin1");
  header.write(path, 0);
  octal(mode, 100, 8);
  octal(0, 108, 8);
  octal(0, 116, 8);
  octal(body.length, 124, 12);
  octal(0, 136, 12);
  // The checksum is that of a header with spaces in its place.
  header.fill(" ", 148, 156);
  header.write(type, 156);
  header.write("ustar\u000000", 257, "latin1");
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148, "latin1");
  return [header, body, Buffer.alloc((BLOCK - (body.length % BLOCK)) % BLOCK)];
}

/** The record of a long path, which begins with its own length: `113 path=…`. */
function recordOf(path: string): string {
  const rest = ` path=${path}\n`;
  const bytes = Buffer.byteLength(rest);
  const digits = String(bytes + String(bytes).length).length;
  return `${bytes + digits}${rest}`;
}
