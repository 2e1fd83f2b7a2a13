import { closeSync, constants, fstatSync, openSync, readFileSync, realpathSync } from "node:fs";
import { isAbsolute, relative, resolve, sep } from "node:path";
import { RunError } from "@pulumi/pulumi";

const LARGEST = 1024 * 1024;

/**
 * Reads a text file in the program's folder.
 *
 * @param input the input that takes the text; the one that takes the path has `Path` at its end
 * @throws when it is missing, not a regular file, larger than 1 MiB, or outside the folder (even by a link); Pulumi
 * shows the message of such an error without a stack trace
 */
export function readProjectFile(input: "procfile" | "appJson", path: string, folder: string): string {
  const fail = (what: string): never => {
    throw new RunError(`${input}Path is ${JSON.stringify(path)}: ${what}`);
  };
  const attempt = <T>(call: () => T): T => {
    try {
      return call();
    } catch (error) {
      return fail(whyNot(error, folder));
    }
  };
  const real = attempt(() => realpathSync(resolve(folder, path)));
  const inside = relative(realpathSync(folder), real);
  if (inside === ".." || inside.startsWith(`..${sep}`) || isAbsolute(inside)) {
    return fail(`it leads out of the program's folder: put the file there, or give its text as ${input}`);
  }
  // Without O_NONBLOCK, opening a pipe would wait for its other end.
  const file = attempt(() => openSync(real, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOFOLLOW));
  try {
    const stat = fstatSync(file);
    if (!stat.isFile()) return fail(NO_FILE);
    if (stat.size > LARGEST) {
      return fail(
        `${stat.size} bytes long: it may have at most ${LARGEST}, so give the path of the file that is meant`,
      );
    }
    return readFileSync(file, "utf8");
  } finally {
    closeSync(file);
  }
}

const NO_FILE = "not a regular file: give the path of the file itself";

function whyNot(error: unknown, folder: string): string {
  const code = String((error as NodeJS.ErrnoException).code);
  const known: Partial<Record<string, string>> = {
    ENOENT: `no such file in ${folder}: create it, or correct the path`,
    // ENXIO is the error for a socket.
    ENXIO: NO_FILE,
  };
  return known[code] ?? `it cannot be read (${code}): correct the path, or let the program's user read the file`;
}
