import { chmodSync, existsSync, realpathSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { readText } from "./files";
import type { Project } from "./project";
import { edited, type Edit } from "./stack-config";

/** A stack's configuration file as it is to be: an update is given it, and only a success makes it the stack's own. */
export interface Candidate {
  readonly file: string;
  /** Makes it the stack's own. */
  readonly keep: () => void;
  readonly discard: () => void;
}

export function writeCandidate(project: Project, edit: Edit): Candidate {
  // A link stays one.
  const target = existsSync(project.configFile) ? realpathSync(project.configFile) : project.configFile;
  const file = join(dirname(target), `.candidate.${basename(target)}`);
  const before = readText(target);
  write(file, edited(before ?? "", edit, project), target);
  return {
    file,
    keep: () => {
      const now = readText(target);
      // A file that says nothing need not come to be.
      if (now === undefined && readText(file) === "") return rmSync(file);
      // Somebody has edited the file in the meantime.
      if (now !== before) write(file, edited(now ?? "", edit, project), target);
      renameSync(file, target);
    },
    discard: () => rmSync(file, { force: true }),
  };
}

function write(file: string, text: string, like: string): void {
  writeFileSync(file, text);
  if (existsSync(like)) chmodSync(file, statSync(like).mode);
}
