import { closeSync, constants, fstatSync, openSync, readSync, realpathSync, statSync } from "node:fs";
import { resolve } from "node:path";
import { RunError } from "@pulumi/pulumi";

const LARGEST = 1024 * 1024;

/**
 * Reads a text file, wherever it is: a Procfile often stands beside the program's folder, with the app.
 *
 * @param input the input that takes the text; the one that takes the path has `Path` at its end
 * @param folder that the path is relative to
 * @throws when it is missing, not a regular file, or larger than 1 MiB; Pulumi shows the message of such an error, which
 * names the path as given and the file that it leads to, without a stack trace
 */
export function readProjectFile(input: "procfile" | "appJson", path: string, folder: string): string {
  const named = resolve(folder, path);
  const failAt = (file: string, what: string): never => {
    const found = file === path ? "" : `, which is ${file}`;
    throw new RunError(`${input}Path is ${JSON.stringify(path)}${found}: ${what}`);
  };
  const attempt = <T>(file: string, call: () => T): T => {
    try {
      return call();
    } catch (error) {
      return failAt(file, whyNot(error));
    }
  };
  const real = attempt(named, () => realpathSync(named));
  // Opening alone does something to some devices.
  if (!attempt(real, () => statSync(real)).isFile()) return failAt(real, NO_FILE);
  // Without O_NONBLOCK, opening a pipe that has taken the file's place would wait for its other end.
  const file = attempt(real, () => openSync(real, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOFOLLOW));
  try {
    if (!fstatSync(file).isFile()) return failAt(real, NO_FILE);
    return attempt(real, () => contentOf(file)) ?? failAt(real, TOO_LARGE);
  } finally {
    closeSync(file);
  }
}

const NO_FILE = "not a regular file: give the path of the file itself";
const TOO_LARGE = `it has more than ${LARGEST} bytes: give the path of the file that is meant`;

/** Reads no more than it may have: the system's own files say that they are empty. @returns `undefined` for more */
function contentOf(file: number): string | undefined {
  const bytes = Buffer.alloc(LARGEST + 1);
  let length = 0;
  for (let read = 1; read > 0 && length < bytes.length; length += read)
    read = readSync(file, bytes, length, bytes.length - length, null);
  return length > LARGEST ? undefined : bytes.toString("utf8", 0, length);
}

function whyNot(error: unknown): string {
  const code = String((error as NodeJS.ErrnoException).code);
  if (code === "ENOENT") return "no such file: create it, or correct the path";
  return `it cannot be read (${code}): correct the path, or let the program's user read the file`;
}
