import { chmodSync, existsSync, realpathSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { readText } from "../project/files";
import type { Project } from "../project/project";
import { edited, type Edit } from "../project/stack-config";

/** A draft of the stack's configuration file: an update uses it, and only a success makes it the stack's own. */
export interface Candidate {
  readonly file: string;
  /** Puts the draft in place of the stack's file. */
  readonly keep: () => void;
  readonly discard: () => void;
}

export function writeConfigDraft(project: Project, edit: Edit): Candidate {
  // A symbolic link is kept: the file that it leads to is replaced.
  const target = existsSync(project.configFile) ? realpathSync(project.configFile) : project.configFile;
  const file = join(dirname(target), `.candidate.${basename(target)}`);
  const before = readText(target);
  write(file, edited(before ?? "", edit, project), target);
  return {
    file,
    keep: () => {
      const now = readText(target);
      // An empty file is not created.
      if (now === undefined && readText(file) === "") return rmSync(file);
      // Edits that somebody made to the file in the meantime are kept.
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
