import type { Command } from "commander";
import { bashScript } from "./shells/bash";
import { fishScript } from "./shells/fish";
import { vocabularyOf, type Vocabulary } from "./shells/words";
import { zshScript } from "./shells/zsh";

export const SHELLS = ["bash", "zsh", "fish"] as const;
export type Shell = (typeof SHELLS)[number];

const SCRIPTS: Readonly<Record<Shell, (vocabulary: Vocabulary) => string>> = {
  bash: bashScript,
  zsh: zshScript,
  fish: fishScript,
};

export function completionScript(program: Command, shell: Shell): string {
  return SCRIPTS[shell](vocabularyOf(program));
}
