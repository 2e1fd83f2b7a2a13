import { closeSync, openSync, readSync } from "node:fs";

const LOOK_EVERY_MS = 100;

/** Passes on the lines of a file as they are written. @returns a function that reads the rest and stops */
export function followLines(file: string, onLine: (line: string) => void): () => void {
  const descriptor = openSync(file, "r");
  const chunk = Buffer.alloc(65_536);
  let rest = Buffer.alloc(0);
  const look = () => {
    for (let size: number; (size = readSync(descriptor, chunk)) > 0;) {
      rest = Buffer.concat([rest, chunk.subarray(0, size)]);
      for (let end: number; (end = rest.indexOf("\n")) >= 0; rest = rest.subarray(end + 1))
        onLine(rest.subarray(0, end).toString("utf8"));
    }
  };
  const timer = setInterval(look, LOOK_EVERY_MS);
  return () => {
    clearInterval(timer);
    look();
    if (rest.length > 0) onLine(rest.toString("utf8"));
    closeSync(descriptor);
  };
}
