import { closeSync, constants, fstatSync, openSync, readFileSync, realpathSync } from "node:fs";
import { isAbsolute, relative, resolve } from "node:path";

const LARGEST = 1024 * 1024;

/**
 * The text of a Procfile that lies in the program's folder.
 *
 * @throws when it is missing, not a regular file, larger than 1 MiB, or outside the folder (by a link, too)
 */
export function readProcfile(path: string, folder: string): string {
  const fail = (what: string): never => {
    throw new Error(`procfilePath is ${JSON.stringify(path)}: ${what}`);
  };
  let real: string;
  try {
    real = realpathSync(resolve(folder, path));
  } catch {
    return fail(`no such file in ${folder}: create it, or correct the path`);
  }
  const inside = relative(realpathSync(folder), real);
  if (inside.startsWith("..") || isAbsolute(inside)) {
    return fail(`it leads out of the program's folder: put the Procfile there, or give its text as procfile`);
  }
  // Opening a pipe would wait for its other end.
  const file = openSync(real, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOFOLLOW);
  try {
    const stat = fstatSync(file);
    if (!stat.isFile()) return fail("not a regular file: give the path of the Procfile itself");
    if (stat.size > LARGEST) return fail(`${stat.size} bytes long: a Procfile has at most ${LARGEST}`);
    return readFileSync(file, "utf8");
  } finally {
    closeSync(file);
  }
}
